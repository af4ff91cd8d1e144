"""Addresses of runs, steps and artifacts; `designer.urls` joins them."""

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
sockets: list[URLPattern] = []
