"""Stand-ins of Telegram, two SMS gateways, a push service and a mail server on this machine.

They speak the providers' own HTTP, so that a demonstration and the tests go through everything but
the air between; a page lists what the phones received.
"""
