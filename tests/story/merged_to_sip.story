# SIP-11, CONF-21: a proxy does not mind merged requests; it is for the end to
# answer 482.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example.
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100 merged
sip tries m1 at sip:alice@one.im.example
sip answers m1 482
m1 ends 482 permanent wire
