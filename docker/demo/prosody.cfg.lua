-- One domain with users, and the gateway as its component; the tests have two
-- of it. The variables ENV_... come from world.py.
run_as_root = true
daemonize = false
pidfile = ENV_WORLD_FOLDER .. "/prosody.pid"
data_path = ENV_WORLD_FOLDER
log = { { levels = { min = "info" }, to = "console" } }

modules_enabled = { "roster", "saslauth", "disco", "ping" }
modules_disabled = { "s2s", "tls", "posix" }
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true

c2s_interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(ENV_WORLD_C2S_PORT) }
component_interfaces = { "127.0.0.1" }
component_ports = { tonumber(ENV_WORLD_COMPONENT_PORT) }

VirtualHost "example.net"

Component "gw.example.net"
	component_secret = ENV_WORLD_SECRET

Component "gw2.example.net"
	component_secret = ENV_WORLD_SECRET
