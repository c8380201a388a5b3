-- One domain with users and the gateway as its component. Who is not there has
-- his messages kept on disk. The variables ENV_... come from prosody.py.
run_as_root = true
daemonize = false
pidfile = ENV_FAULTS_FOLDER .. "/prosody.pid"
data_path = ENV_FAULTS_FOLDER
log = { { levels = { min = "info" }, to = "console" } }

modules_enabled = { "roster", "saslauth", "offline", "ping" }
modules_disabled = { "s2s", "tls", "posix" }
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true

c2s_interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(ENV_FAULTS_C2S_PORT) }
component_interfaces = { ENV_FAULTS_ADDRESS }
component_ports = { tonumber(ENV_FAULTS_COMPONENT_PORT) }

VirtualHost "example.net"

Component "gw.example.net"
	component_secret = ENV_FAULTS_SECRET
