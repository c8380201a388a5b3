#define _DEFAULT_SOURCE /* getopt_long */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enum/tel.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/resolve_report.h"
#include "gateway/config_address.h"
#include "gateway/loop.h"
#include "gateway/outcome.h"
#include "gateway/routes.h"
#include "routing/sip_uri.h"

struct request {
	const char *file;
	const char *at; /* or NULL */
	bool json, all, records;
};

/* One URI on its way. */
struct walk {
	const struct request *request;
	struct loop *loop;
	struct resolve_report *report;
	struct plan *plan;
	unsigned hops;
};

enum { OPTION_AT = 256, OPTION_ALL, OPTION_DNS };

/* @return CLI_YES to go on, else the exit code; -1: help was asked for */
static int parse(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "at", required_argument, NULL, OPTION_AT },
		{ "all", no_argument, NULL, OPTION_ALL },
		{ "dns", no_argument, NULL, OPTION_DNS },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:jh", options, NULL)) >= 0) {
		switch (option) {
		case 'c': request->file = optarg; break;
		case 'j': request->json = true; break;
		case OPTION_AT: request->at = optarg; break;
		case OPTION_ALL: request->all = true; break;
		case OPTION_DNS: request->records = true; break;
		case 'h': return -1;
		default: return CLI_USAGE;
		}
	}
	return optind < argc ? CLI_YES : CLI_USAGE;
}

/* Ask this server only, whatever the configuration says. */
static bool ask_at(struct config *config, const char *at)
{
	static const struct config_row row = { .port = 53 };
	const struct config_scalar scalar = { &row, span_of(at), "" };
	struct config_address *address = malloc(sizeof *address);
	char why[128];
	struct text text;

	text_init(&text, why, sizeof why);
	if (!address ||
	    config_address_parse(&scalar, address, &text) != GATEWAY_OK) {
		fprintf(stderr, "imgw: --at %s\n",
			address ? why : "out of memory");
		free(address);
		return false;
	}
	free(config->dns.resolvers);
	config->dns.resolvers = address;
	config->dns.resolver_count = 1;
	for (size_t i = 0; i < config->enum_count; i++)
		config->enums[i].resolver_count = 0;
	return true;
}

/* What a URI asks for, judged as by a peer that is believed.
 * @return NULL, or why it cannot be looked for */
static const char *read_target(struct span uri, struct plan_target *target,
			       char number[TEL_MAX + 1])
{
	struct sip_uri sip;
	struct tel tel;
	enum enum_status status;

	target->kind = PLAN_NUMBER;
	if (span_starts_nocase(uri, "im:")) {
		target->kind = PLAN_IM;
		target->uri = uri;
		return NULL;
	}
	if (span_starts_nocase(uri, "tel:"))
		target->uri = span_skip(uri, strlen("tel:"));
	else if (sip_uri_parse(uri, &sip) == ROUTE_OK && sip.user_phone)
		target->uri = sip.user;
	else
		return "not a tel: or im: URI, nor sip: with user=phone";
	status = tel_parse(target->uri, &tel);
	if (status != ENUM_OK)
		return enum_status_text(status);
	target->skip_enum = tel.enumdi;
	span_copy(span_of(tel.number), number, TEL_MAX + 1);
	return NULL;
}

static void end_without(struct walk *walk, const struct plan_result *result)
{
	struct outcome outcome =
		outcome_of_route(result->status, result->reason);
	bool later = result->status == ROUTE_TEMPORARY ||
		     result->status == ROUTE_NO_MEMORY;

	resolve_report_end(walk->report, later ? CLI_TRY_LATER : CLI_NO,
			   result->reason, outcome.code, outcome.retry_after_s);
}

static void got_hop(const struct plan_result *result, void *arg)
{
	struct walk *walk = arg;

	if (result->status == ROUTE_OK) {
		walk->hops++;
		resolve_report_hop(walk->report, result->hop);
		if (walk->request->all) {
			plan_next(walk->plan);
			return;
		}
	}
	if (walk->hops)
		resolve_report_end(walk->report, CLI_YES, NULL, 0, 0);
	else
		end_without(walk, result);
	loop_stop(walk->loop);
}

static void follow(struct walk *walk, const struct plan_config *config,
		   const struct plan_target *target)
{
	enum route_status status =
		plan_start(config, target, resolve_report_trace(walk->report),
			   got_hop, walk, &walk->plan);
	const struct plan_result failed = { .status = status,
					    .reason =
						    route_status_text(status) };

	if (status == ROUTE_OK)
		loop_run(walk->loop);
	else
		end_without(walk, &failed);
	plan_cancel(&walk->plan);
}

/* @return the exit code of this URI */
static int print_report(const struct walk *walk)
{
	json_t *object = resolve_report_json(walk->report);

	if (!object) {
		fputs("imgw: out of memory\n", stderr);
		return CLI_TRY_LATER;
	}
	if (walk->request->json) {
		json_dumpf(object, stdout,
			   JSON_COMPACT | JSON_REAL_PRECISION(6));
		putchar('\n');
	} else {
		resolve_text(object, walk->request->records, stdout);
	}
	return (int)json_integer_value(json_object_get(object, "exit"));
}

static int resolve_uri(const struct request *request, struct loop *loop,
		       const struct routes *routes, const char *uri)
{
	struct walk walk = { .request = request, .loop = loop };
	struct plan_target target = { .skip_enum = false };
	char number[TEL_MAX + 1];
	const char *fault = read_target(span_of(uri), &target, number);
	int code;

	walk.report = resolve_report_create(uri);
	if (!walk.report) {
		fputs("imgw: out of memory\n", stderr);
		return CLI_TRY_LATER;
	}
	if (fault) {
		resolve_report_end(walk.report, CLI_NO, fault, 0, 0);
	} else {
		if (target.kind == PLAN_NUMBER)
			resolve_report_number(walk.report, number);
		follow(&walk, routes_plan(routes), &target);
	}
	code = print_report(&walk);
	resolve_report_destroy(&walk.report);
	return code;
}

/* @return the worst exit code of all URIs: no, try later, yes */
static int resolve_all(const struct request *request,
		       const struct config *config, char **uris)
{
	struct loop *loop = NULL;
	struct routes *routes = NULL;
	enum gateway_status status = loop_create(&loop);
	int worst = CLI_YES;

	if (status == GATEWAY_OK)
		status = routes_create(loop, config, &routes);
	if (status != GATEWAY_OK) {
		fprintf(stderr, "imgw: the resolvers: %s\n",
			gateway_status_text(status));
		worst = CLI_TRY_LATER;
	}
	for (; status == GATEWAY_OK && *uris; uris++) {
		int code = resolve_uri(request, loop, routes, *uris);

		worst = code > worst ? code : worst;
	}
	routes_destroy(&routes);
	loop_destroy(&loop);
	return worst;
}

static int run(int argc, char **argv)
{
	struct request request = { .file = CLI_CONFIG_FILE };
	struct config *config = NULL;
	int code = parse(argc, argv, &request);

	if (code != CLI_YES)
		return cli_help(&cmd_resolve, code < 0 ? CLI_YES : CLI_USAGE);
	code = cli_read_config(request.file, &config);
	if (code != CLI_YES)
		return code;
	config->dns.cache_entries = 0; /* what the DNS says now */
	if (request.at && !ask_at(config, request.at))
		code = CLI_USAGE;
	else
		code = resolve_all(&request, config, argv + optind);
	config_destroy(&config);
	return code;
}

const struct cli_command cmd_resolve = {
	.name = "resolve",
	.summary = "show where a tel: or im: URI would go, step by step",
	.help = "usage: imgw resolve [options] URI...\n"
		"The code is that of the running gateway, without its cache;"
		" nothing is sent.\n"
		"  tel:+12025550100    ENUM, then IM service discovery;\n"
		"                      sip: URIs with user=phone likewise\n"
		"  im:romeo@im.example IM service discovery only\n"
		"  -c, --config FILE   default " CLI_CONFIG_FILE "\n"
		"      --at ADDR[:PORT] ask this DNS server instead\n"
		"      --all           follow every candidate, not only the"
		" first\n"
		"      --dns           print the records of each answer\n"
		"  -j, --json          one JSON object a line for each URI\n"
		"exit: 0 route, 1 try later, 2 no route (the worst of several),"
		"\n      64 usage, 78 bad configuration\n",
	.run = run,
};
