# S-01, MAP-7: a text for a number reaches an XMPP user.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
asked 0.0.1.0.5.5.5.2.0.2.1.e164.arpa/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp tries m1 at alice@im.example
m1 waits
xmpp answers m1 202
m1 ends 202 accepted wire
