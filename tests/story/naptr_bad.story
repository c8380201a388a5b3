# ENUM-16: bad records in front of a good one spoil nothing.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 1 1 "u" "E2U+im" "!^.*$!im:a@im.example" .
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 2 1 "s" "E2U+im" "" _im._sip.trap.example.
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 3 1 "u" "E2U+im" "!((((!im:a@im.example!" .
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 4 1 "u" "E2U+im" "!^.*$!sip:a@im.example!" .
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 5 1 "u" "E2U+im" "!^.*$!im:good@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
xmpp tries m1 at good@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
