# SIP-22: stop 2 refuses: the message had expired before it came; no DNS.
sip sends m1 to tel:+12025550100 expires 0
m1 ends 480 temporary
asked nothing
