# One message whose DNS is slow does not delay another.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa DELAY 5000
	9.9.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends slow to tel:+12025550100
sip sends fast to tel:+12025550199
xmpp tries fast at alice@im.example
xmpp answers fast 202
fast ends 202 accepted wire
slow waits
pass 5s
xmpp tries slow at alice@im.example
xmpp answers slow 202
slow ends 202 accepted wire
