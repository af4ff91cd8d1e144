"""Settings, all from the environment (a `.env` file beside manage.py is read too), with safe defaults.

`docs/reference/settings.md` has one heading for each of them.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from designer.secret_key import kept_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(str(BASE_DIR / ".env"))

# Everything that the server writes lies below this folder: database, artifacts, working folders.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret_key(DATA_DIR / "secret_key")

PORT = env.int("PORT", 8000)
# The address that people type, where it is not http://localhost:PORT. https:// switches on secure cookies and HSTS.
PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", _public.hostname])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

TLS = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "django_vite",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "registry",
    "designer",
    "runner",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "designer.urls"
ASGI_APPLICATION = "designer.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.context.workspace",
            ],
        },
    },
]

AUTH_USER_MODEL = "registry.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock when the transaction begins and waits for others; WAL itself is set once, by `up`.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # A connection that broke while nobody used it is not given to anybody.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Who waits for a connection tries anew soon: psycopg's own pauses between attempts would outlast a lease.
    _limits = {"timeout": 10, "reconnect_timeout": 5}
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 16), **_limits}}

# Wake-ups. `local://` is Dramatiq inside this process; redis:// and amqp:// reach workers elsewhere.
BROKER_URL = env.str("BROKER_URL", "local://")
# Two installations on one broker need two.
BROKER_PREFIX = env.str("BROKER_PREFIX", "portline")
CHANNEL_URL = env.str("CHANNEL_URL", BROKER_URL if BROKER_URL.startswith("redis") else "")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [CHANNEL_URL], "prefix": BROKER_PREFIX},
        }
        if CHANNEL_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

# Code snapshots, data assets and artifacts: a folder, or an fsspec URL such as s3://bucket/prefix.
STORAGE_URL = env.str("STORAGE_URL", str(DATA_DIR / "storage"))
STORAGE_OPTIONS = env.json("STORAGE_OPTIONS", default={})
WORK_DIR = Path(env.str("WORK_DIR", str(DATA_DIR / "work"))).resolve()
# What workers keep of a store that is elsewhere.
CACHE_LIMIT = int(env.float("CACHE_LIMIT_GB", 20) * 1024**3)
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT_MB", 2048) * 1024 * 1024
COMPONENT_UPLOAD_LIMIT = env.int("COMPONENT_UPLOAD_LIMIT_MB", 100) * 1024 * 1024
LOG_LIMIT = env.int("LOG_LIMIT_MB", 20) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = env.str("UPLOAD_TEMP_DIR", "") or None

# How many steps this process runs at once when it runs them itself (`up`).
WORKER_SLOTS = env.int("WORKER_SLOTS", max(2, os.cpu_count() or 2))
# How long a worker that is stopped lets its steps go on before it hands them back.
STOP_WAITS = env.float("STOP_WAITS", 0)
STEP_LEASE_SECONDS = env.int("STEP_LEASE_SECONDS", 30)
# Steps that are plain Python calls begin in a fork of a process that has their libraries loaded.
WARM_STARTS = env.bool("WARM_STARTS", True)

# Where steps log with MLflow: a server of one's own; without it, a place of each step's, shown on its page.
MLFLOW_TRACKING_URI = env.str("MLFLOW_TRACKING_URI", "")

# Where data at addresses is read from: {"workspaceblobstore": "/mnt/data", "s3://bucket/": "s3://bucket/"}.
DATASTORES = env.json("DATASTORES", {})
# Bytes of one file from the web.
FETCH_LIMIT = env.int("FETCH_LIMIT_MB", 2000) * 1024**2

# Environments: what a step gets whose component names a container image alone ({"pattern": "name:version" or "local"}),
# and how virtualenvs are made.
ENVIRONMENT_IMAGES = env.json("ENVIRONMENT_IMAGES", {})
ENVIRONMENT_PYTHONS = env.list("ENVIRONMENT_PYTHONS", default=[])
ENVIRONMENT_PYTHON_DOWNLOADS = env.bool("ENVIRONMENT_PYTHON_DOWNLOADS", False)
ENVIRONMENT_BUILD_SECONDS = env.int("ENVIRONMENT_BUILD_SECONDS", 1800)

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Vite names its files by content already.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DJANGO_VITE = {
    "default": {
        "dev_mode": env.bool("VITE_DEV", False),
        "manifest_path": BASE_DIR / "static" / "dist" / ".vite" / "manifest.json",
    }
}

_dev_server = ["http://localhost:5173", "ws://localhost:5173"] if env.bool("VITE_DEV", False) else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, *_dev_server],
        # React and React Flow place elements with style attributes.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF, *_dev_server],
        "worker-src": [SELF, "blob:"],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "registry.pagination.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "registry.openapi.Schema",
    "DEFAULT_PARSER_CLASSES": ["registry.parsers.BoundedJSON"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "registry.parsers.OnlyOne",
    "EXCEPTION_HANDLER": "registry.problems.as_problem_document",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # `?format=` is a word of our own addresses: what a pipeline is exported as.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portline",
    "DESCRIPTION": (
        "Components, pipelines and runs of a Portline server. Errors are problem documents (RFC 9457). Lists come in "
        "pages: `page_size` says how large, `cursor` where one begins. A POST with an `Idempotency-Key` may be sent "
        "again. Times are ISO 8601 in UTC, sizes are bytes, durations seconds."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "TAGS": [
        {"name": "me", "description": "Your account."},
        {"name": "tokens", "description": "Secrets for programs that act for you."},
        {"name": "workspaces", "description": "What teams share."},
        {"name": "members", "description": "Who shares a workspace, and in what role."},
        {"name": "catalog", "description": "What the palette and validation know of all components."},
        {"name": "components", "description": "Reusable steps, and their versions."},
        {"name": "component-drafts", "description": "Components that somebody writes in the browser."},
        {"name": "environments", "description": "What the code of steps needs, and their versions."},
        {"name": "data", "description": "Data assets, and their versions."},
        {"name": "models", "description": "Data assets of the types of models, and their versions."},
        {"name": "compute", "description": "Queues that workers serve."},
        {"name": "queues", "description": "What waits for whom."},
        {"name": "joins", "description": "What is joined how often, which suggestions are ranked by."},
        {"name": "templates", "description": "Pipelines to start from."},
        {"name": "pipelines", "description": "Graphs being edited."},
        {"name": "runs", "description": "Executions of pipelines, by number, with their steps."},
        {"name": "jobs", "description": "The same by name, with the words of Azure ML."},
        {"name": "schedules", "description": "Pipelines and jobs that run by themselves."},
        {"name": "artifacts", "description": "What steps made."},
        {"name": "cache", "description": "Results that are known and may be reused."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "RunStatus": "runner.api.serializers.RUN_STATUSES",
        "StepStatus": "runner.api.serializers.STEP_STATUSES",
        "StepKind": ["component", "loop", "branch", "group"],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "portline": {"level": env.str("LOG_LEVEL", "INFO")},
        # Its callers say that a connection was lost; it says so five times.
        "pika": {"level": "CRITICAL"},
    },
}
