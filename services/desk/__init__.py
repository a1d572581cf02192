"""The front desk: forms begun, consents given, slips printed."""
