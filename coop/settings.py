"""One settings file for every machine; whatever differs between machines is read from the environment.

What the members may change by vote is a Policy and never stands here.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from coop import logs

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(env.str("LOCAL_DIR", default=str(BASE_DIR / ".local")))

DEBUG = env.bool("DEBUG", default=False)
DEV_APPS = ["coop.dev"] if find_spec("coop.dev") else []  # what only runs here is not shipped
DEMO = bool(DEBUG and DEV_APPS and env.bool("DEMO", default=False))
SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname or "localhost"])
SECURE = BASE_URL.startswith("https://")

# How many proxies of ours stand one behind the other before this site, each adding to X-Forwarded-For whom it saw.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# What the co-op is called, its time zone and its language are said on a page; until then they are as these say.
EXAMPLE_NAME = "Sunrise Home Co-op"
COOP_NAME = env.str("COOP_NAME", default=EXAMPLE_NAME)

INSTALLED_APPS = [
    "coop",
    *DEV_APPS,
    "members",
    "bookings",
    "payouts",
    "governance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rules.apps.AutodiscoverRulesConfig",
    "pgtrigger",
    "django_htmx",
    "lucide",
    "phonenumber_field",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "coop.web.http.TrueAddressMiddleware",
    "coop.web.coop_facts.CoopFactsMiddleware",
    "coop.web.http.SafetyHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "coop.web.coop_facts.FirstLanguageMiddleware",
    "coop.web.coop_facts.CoopZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.signing_in.sessions.SessionAgeMiddleware",
    "members.signing_in.language.UserLanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coop.web.http.RequestLogMiddleware",
    "coop.web.http.TooLargeMiddleware",
    "coop.web.http.NotAllowedMiddleware",
    "coop.web.http.RulebookMiddleware",
    "members.signing_in.step_up.StepUpMiddleware",
    "coop.web.http.RefusalMiddleware",
]

ROOT_URLCONF = "coop.urls"
WSGI_APPLICATION = "coop.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "coop.templatetags.coop",
                "bookings.templatetags.bookings",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coop.web.pages.everywhere",
            ],
        },
    }
]

# Every promise is kept by PostgreSQL. Just-in-time compilation costs 10-40 % on our short queries;
# the time-outs keep one stuck request from holding the co-op's day.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
    OPTIONS={
        "connect_timeout": 3,
        "options": "-c jit=off -c statement_timeout=10000 -c lock_timeout=3000"
        " -c idle_in_transaction_session_timeout=15000",
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
# What is counted for limits, by all processes together; without it everything goes on, uncounted.
CACHES = {
    "default": {
        "BACKEND": "coop.valkey.OpenCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "evenhand",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False  # a person may be waiting, and a sweep comes by
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
}
# Sweeps find what is due by asking the database, so a beat that was down has nothing to catch up.
SWEEPS = [
    "members.sweep_notices",
    "members.sweep_credentials",
    "members.sweep_confirmations",
    "members.sweep_applications",
    "members.sweep_addresses",
    "members.sweep_leaving",
    "members.sweep_duties",
    "members.sweep_agreements",
    "members.sweep_announcements",
    "members.sweep_looks",
    "members.sweep_texted_codes",
    "members.sweep_terms",
    "members.sweep_recoveries",
    "bookings.sweep_holds",
    "bookings.sweep_late",
    "bookings.sweep_offers",
    "bookings.sweep_reminders",
    "bookings.sweep_waitlist",
    "bookings.sweep_series",
    "bookings.sweep_notes",
    "bookings.sweep_visits",
    "bookings.sweep_care",
    "payouts.sweep_cards",
    "payouts.sweep_charges",
    "payouts.sweep_payouts",
    "payouts.sweep_lookout",
    "payouts.sweep_webhooks",
    "payouts.sweep_movements",
    "payouts.sweep_weeks",
    "payouts.sweep_funds",
    "governance.sweep_proposals",
]
CELERY_BEAT_SCHEDULE = {name: {"task": name, "schedule": crontab(), "options": {"expires": 50}} for name in SWEEPS}

# `PAYMENTS=off` stops whatever pays or charges: to be said before a restored database is started.
PAYMENTS = env.bool("PAYMENTS", default=True)
STRIPE_API_KEY = env.str("STRIPE_API_KEY", default="")
STRIPE_BASE_URL = env.str("STRIPE_BASE_URL", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")

# Keys for getting-in notes and the like: 32 bytes in URL-safe base64, newest first; older ones only open.
SEALED_KEYS = env.list("SEALED_KEYS")

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "members.signing_in.forms.SignupForm"
ACCOUNT_FORMS = {
    "request_login_code": "members.signing_in.account_forms.SignInForm",
    "confirm_login_code": "members.signing_in.account_forms.SignInCodeForm",
    "confirm_email_verification_code": "members.signing_in.account_forms.VerifyCodeForm",
    "signup": "members.signing_in.account_forms.JoinForm",
}
ACCOUNT_ADAPTER = "members.signing_in.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_ADAPTER = "members.signing_in.keys.KeyAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "members.signing_in.key_forms.CodeOfKeyForm",
    "activate_totp": "members.signing_in.key_forms.AppForm",
    "authenticate_webauthn": "members.signing_in.key_forms.AuthenticateForm",
    "login_webauthn": "members.signing_in.key_forms.PasskeySignInForm",
    "add_webauthn": "members.signing_in.key_forms.PasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a house, office or town, as above; there is nothing to guess
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody is signed in who has not shown that their address is theirs
# By browser and by the address that is typed; a whole house, office or town may come from one address of the network.
ACCOUNT_RATE_LIMITS = {
    "codes_for_a_browser": "8/300s/key",
    "applications": "3/h/key,60/h/ip",
    "request_login_code": "3/m/key,120/m/ip",
    "texted_codes": "12/d/key",
    "texts_to_strangers": "5/h/ip,200/d/key",
    "login_failed": "5/300s/key,60/m/ip",
    "login": "120/m/ip",
    "signup": "60/m/ip",
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 30 * 24 * 3600  # of offices less: `members.signing_in.sessions`
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "evenhand-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "evenhand-csrf"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "coop.web.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["coop.web.uploads.BoundedUploadHandler"]

# A form may lead on to hosted Checkout and hosted onboarding: browsers check the whole chain of redirects.
STRIPE_PAGES = [STRIPE_BASE_URL] if STRIPE_BASE_URL else ["https://checkout.stripe.com", "https://connect.stripe.com"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *STRIPE_PAGES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{LOCAL_DIR}/mail")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{COOP_NAME} <hello@localhost>")
EMAIL_TIMEOUT = 20

# Who carries text messages (`members.notices.sms`); empty where nobody does.
SMS_URL = env.str("SMS_URL", default=f"file://{LOCAL_DIR}/sms" if DEBUG else "")

# Our name at the push services of browsers: 32 random bytes in URL-safe base64; empty where nobody is offered any.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "coop" / "locale"]
FORMAT_MODULE_PATH = ["coop.formats"]
LANGUAGE_COOKIE_AGE = 31_536_000
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "US"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(LOCAL_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "coop.web.stylesheets.TogetherStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique whatever its case, by a named constraint

LOGGING = logs.configured(plainly=DEBUG, level=env.str("LOG_LEVEL", default="INFO"))
