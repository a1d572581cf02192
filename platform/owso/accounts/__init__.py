"""The people who sign in: office staff in their province's schema, ministry staff in `public`."""
