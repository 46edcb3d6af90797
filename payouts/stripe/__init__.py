"""Asking Stripe and hearing from it: the gateway, names, one attempt that is never made twice, webhooks."""
