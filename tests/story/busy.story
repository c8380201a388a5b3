# Bounded work: above routing.relays a message is refused with 503 before any
# work (CONF-16), and taken again when there is room.
config
	routing: {relays: 1}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
sip sends m2 to tel:+12025550100
m2 ends 503 temporary retry-after
xmpp answers m1 202
m1 ends 202 accepted wire
sip sends m3 to tel:+12025550100
xmpp answers m3 202
m3 ends 202 accepted wire
