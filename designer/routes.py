"""Addresses of pipelines and templates; `designer.urls` joins them."""

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
sockets: list[URLPattern] = []
