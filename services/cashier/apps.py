"""Django configuration of the cashier."""

from django.apps import AppConfig


class CashierConfig(AppConfig):
    """Charges, payments, receipts and reversals (province schema)."""

    name = "services.cashier"
    label = "cashier"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the cashier's rules down to the requests."""
        from services.cashier.actions.reversals import refund_rejected
        from services.cashier.queries import check_fee_is_paid
        from services.requests import preconditions

        preconditions.before_first_stage.append(check_fee_is_paid)
        preconditions.after_rejection.append(refund_rejected)
