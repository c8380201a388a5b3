# SEC-12: an ENUM result at our own domain would come back; a later one is used.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 10 10 "u" "E2U+im" "!^.*$!im:+12025550100@gw.example.net!" .
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 20 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
xmpp tries m1 at alice@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
