# S-12-486, SIP-15: a final other than 503 ends the search; the second target
# hears nothing.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 10 0 5060 one.im.example.
	_im._sip.im.example SRV 20 0 5060 two.im.example.
	one.im.example A 198.51.100.1
	two.im.example A 198.51.100.2
sip sends m1 to tel:+12025550100
sip tries m1 at sip:alice@one.im.example
sip answers m1 486
m1 ends 486 temporary wire
