"""What data protection writes, one action each."""

from services.privacy.actions.disposing import dispose
from services.privacy.actions.holding import lift_hold, place_hold

__all__ = ["dispose", "lift_hold", "place_hold"]
