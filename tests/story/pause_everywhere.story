# CARR-5: the only server wants to be left alone: 500 with Retry-After, at once
# for those who come later. A shorter limit of the operator's counts.
config
	routing: {pause_max: 20s}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 10 0 5060 one.im.example.
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100
sip tries m1 at sip:alice@one.im.example
sip fails m1 500 retry-after 60
m1 ends 500 temporary retry-after
sip sends m2 to tel:+12025550100
m2 ends 500 temporary retry-after
pass 20s
sip sends m3 to tel:+12025550100
sip tries m3 at sip:alice@one.im.example
sip answers m3 200
m3 ends 200 delivered wire
