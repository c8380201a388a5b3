# SIP-11, CONF-21: the same request by two ways is delivered once where we are
# the end; the second one is told so.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
sip sends m2 to tel:+12025550100 merged
xmpp tries m1 at alice@im.example
m2 ends 482 permanent
xmpp answers m1 202
m1 ends 202 accepted wire
