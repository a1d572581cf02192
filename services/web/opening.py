"""Opening hours as the pages say them."""

from services.offices.opening import hours_text as hours_text
