"""The one settings module: the environment differs from place to place, the code does not."""

from pathlib import Path
from typing import Any

import sentry_sdk
from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from owso import environment as env
from owso import schedule
from owso.logging import configure as configure_logging
from owso.outside import *  # noqa: F403  # Django reads all settings from here

BASE_DIR = Path(__file__).resolve().parents[2]
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
# The version is one byte of every sealed value; the newest key seals, all open.
MASTER_KEYS: dict[int, str] = dict(enumerate(env.text("MASTER_KEY").split(","), 1))
PUBLIC_HOSTS = env.words("PUBLIC_HOST", "localhost")
PUBLIC_PORT = env.number("PUBLIC_PORT", 8000)
IS_HTTPS = env.flag("IS_HTTPS", default=False)
# A demo has accounts with a published password: never where real requests are.
IS_DEMO = env.flag("OWSO_DEMO", default=False)
_SCHEME = "https" if IS_HTTPS else "http"
_PORT = "" if PUBLIC_PORT in {80, 443} else f":{PUBLIC_PORT}"
PUBLIC_URL = env.text("PUBLIC_URL", f"{_SCHEME}://{PUBLIC_HOSTS[0]}{_PORT}")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", ",".join([*PUBLIC_HOSTS, *(f".{host}" for host in PUBLIC_HOSTS)])
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
# How many proxies in front may be believed about the client's address.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
# How often one address may look tracking codes up, and how often in vain.
PORTAL_LOOKUPS = env.text("PORTAL_LOOKUPS", "120 per minute")
PORTAL_MISSES = env.text("PORTAL_MISSES", "30 per 10 minutes")
PORTAL_MISSES_A_DAY = env.text("PORTAL_MISSES_A_DAY", "200 per day")
# How often one address may complain or rate.
PORTAL_VOICES = env.text("PORTAL_VOICES", "20 per hour")

# --- What there is -------------------------------------------------------------------------
_CONTRIB = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
_PEOPLE = ["owso.accounts", "owso.audit"]
# Second steps of the accounts beside them; its pages and its e-mail are not used.
_FACTORS = ["allauth.account", "allauth.mfa"]
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "services.calendars",
    "services.catalogue",
    "services.retention",
    "services.forecast",
    "analytics",
    *_PEOPLE,
    *_CONTRIB,
    *_FACTORS,
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "rest_framework",
    "owso",
    "services.web",
    "services.demo",
    "api",
]
TENANT_APPS = [
    *(*_PEOPLE, *_CONTRIB, *_FACTORS),
    *("services.offices", "services.devices", "services.requests", "services.cashier"),
    *("services.casework", "services.documents", "services.escalation", "services.desk"),
    *("services.privacy", "services.citizens", "services.notify", "services.voice"),
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *(app for app in TENANT_APPS if app not in SHARED_APPS),
]
TENANT_MODEL = "tenants.Province"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
ROOT_URLCONF = "owso.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "owso.urls_public"
# Paths of the public host that run under the national role and may use a session.
MINISTRY_PATHS = ("/national/", "/account/")
# What each outside role may read of a province's schema.
PORTAL_RELATIONS = [
    *("tracking_request", "tracking_calendar", "genuine_document"),
    *("genuine_receipt", "public_office"),
]
# What citizens ask of it with more than a code, and what they read of the shared schema.
PORTAL_SHARED_RELATIONS = ["usual_time"]
NATIONAL_RELATIONS = [
    "requests_requestevent",
    "cashier_charge",
    "cashier_payment",
    "cashier_receipt",
    "cashier_reversal",
    "national_request",
    "national_office",
]
PROVISIONING_STEPS = ["services.offices.provisioning.open_offices"]
REFERENCE_LOADERS = ["load_calendars", "load_catalogue", "load_retention"]
# Functions that run with the owner's rights, and who alone may call them in a province.
PROVINCE_FUNCTIONS = ["privacy_dispose(text, bigint[], bigint)"]
PORTAL_FUNCTIONS = ["privacy_take_copy(bytea)", "own_file(text, bytea)"]
PG_DUMP = env.text("PG_DUMP", "")
WSGI_APPLICATION = "owso.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "owso.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "owso.middleware.ErrorPagesMiddleware",
    "tenants.middleware.ProvinceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "owso.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "owso.accounts.idle.IdleMiddleware",
    "owso.accounts.middleware.SetUpMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "owso.middleware.DomainErrorMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "owso.context_processors.page",
                "owso.accounts.idle.idle_page",
                "services.web.office.navigation.office_pages",
            ],
        },
    }
]

# --- Data ----------------------------------------------------------------------------------
# Commands that migrate and provision set OWSO_OWNER and connect as the owner.
OWSO_OWNER = env.flag("OWSO_OWNER", default=False)
DATABASE_APP_LOGIN = str(conninfo_to_dict(env.text("DATABASE_URL")).get("user", "owso_app"))
_database: dict[str, Any] = dict(
    conninfo_to_dict(env.text("DATABASE_OWNER_URL" if OWSO_OWNER else "DATABASE_URL"))
)
POOL_SIZE = env.number("DATABASE_POOL", 10)
if not OWSO_OWNER:
    # What is prepared has one good plan; by default each session plans its first five uses anew.
    _database["options"] = f"{_database.get('options', '')} -c plan_cache_mode=force_generic_plan"
DATABASES = {
    "default": {
        "ENGINE": "owso.database",
        "NAME": _database.pop("dbname"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        "CONN_MAX_AGE": 0,
        # The backend itself replaces what died with the server, without a round trip.
        "CONN_HEALTH_CHECKS": False,
        "OWSO_OWNER": OWSO_OWNER,
        "OPTIONS": {
            **_database,
            # Prepares only what asks for it by name: the tracking page does.
            "prepare_threshold": 1_000_000,
            **(
                {}
                if OWSO_OWNER
                else {"pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}}
            ),
        },
    }
}
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "owso",
        "KEY_FUNCTION": "tenants.caching.make_key",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
STORAGES = {
    "default": {"BACKEND": "tenants.caching.ProvinceFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_DIR = Path(env.text("OWSO_DATA", str(BASE_DIR / ".data")))
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATIC_URL = "/static/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# A scan is personal data: it waits in memory, never as a plain file in a temporary folder.
FILE_UPLOAD_HANDLERS = ["services.web.documents.receiving.BoundedMemoryHandler"]
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_PERMISSIONS = 0o600

# --- People --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["owso.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "owso.accounts.password_rules.PredictablePasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name_en", "full_name_km")},
    },
]
# Where the roles of an account of a province are found, what hears of a full sign-in, and
# what keeps the words of a form that comes after its screen has locked.
PROVINCE_ROLES = "services.offices.queries.roles_of"
AFTER_FULL_SIGN_IN = ["services.devices.actions.renew_pin"]
BEFORE_IDLE_LOCK = ["services.web.late.keep_late_form"]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "tenants.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Clocks of office computers and phones may be half a minute apart.
MFA_TOTP_TOLERANCE = 1
# For how many hours after a full sign-in a shared computer accepts the person's PIN.
PIN_HOURS = env.number("PIN_HOURS", 12)
# After how many minutes without a key or a click an office's screen locks; 0: never.
IDLE_LOCK_MINUTES = env.number("IDLE_LOCK_MINUTES", 5)
IDLE_LOCK_MINUTES_ELSEWHERE = env.number("IDLE_LOCK_MINUTES_ELSEWHERE", 30)
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "owso.accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "owso_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "owso.views.csrf_failure"

# --- Language and time ---------------------------------------------------------------------
LANGUAGE_CODE = "km"
LANGUAGES = [("km", "ខ្មែរ"), ("en", "English")]
LOCALE_PATHS = [
    BASE_DIR / "platform/owso/locale",
    BASE_DIR / "services/locale",
    BASE_DIR / "services/web/office/locale",
    BASE_DIR / "services/web/portal/locale",
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Phnom_Penh"

# --- Safety --------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send "Origin: null" with every form, which CSRF refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Interfaces ----------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

# --- Jobs, logs, errors --------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "owso"
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE
LOGGING = configure_logging(env.text("LOG_LEVEL", "INFO"))
if SENTRY_DSN := env.text("SENTRY_DSN", ""):
    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, traces_sample_rate=0.0)
