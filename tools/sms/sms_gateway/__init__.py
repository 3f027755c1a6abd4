"""Who carries SMS: one file a provider, none of them knows the ORM. See :class:`base.Gateway` for what they have."""

from . import base, generic, iap, kannel, twilio
from .base import ACCEPTED, DOWN, REFUSED, UNKNOWN, Inbound, Message, Refused, Report, Request, Result

PROVIDERS = {"kannel": kannel.Kannel, "generic": generic.Generic, "twilio": twilio.Twilio, "iap": iap.Iap}


def open_gateway(provider, settings):
    """Return the :class:`base.Gateway` of a provider with its settings."""
    return PROVIDERS[provider](settings)
