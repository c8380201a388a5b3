# SIGTERM: what is in flight is finished, what comes is refused.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
drain
drained no
sip sends m2 to tel:+12025550100
m2 ends 503 temporary retry-after
xmpp answers m1 202
m1 ends 202 accepted wire
pass 0s
drained yes
