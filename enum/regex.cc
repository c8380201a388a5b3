#include "enum/regex.h"

#include <cstring>
#include <memory>
#include <new>
#include <string>

#include <re2/re2.h>

namespace
{

constexpr size_t PATTERN_MAX = 255;
constexpr int64_t MEMORY_MAX = 256 * 1024; /* refuses what expands (SEC-6) */

bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/** What RE2 reads in another way than POSIX is rewritten or refused here. */
class translator
{
      public:
	explicit translator(struct span pattern) : in_(pattern.at, pattern.len)
	{
	}

	/** @return whether it is an ERE; then out() is the same for RE2 */
	bool run()
	{
		while (at_ < in_.size()) {
			if (in_[at_] == '[' ? !bracket() : !atom())
				return false;
		}
		return true;
	}

	const std::string &out() const
	{
		return out_;
	}

      private:
	bool next_is(const char *text) const
	{
		return in_.compare(at_, strlen(text), text) == 0;
	}

	void copy(size_t n)
	{
		out_.append(in_, at_, n);
		at_ += n;
	}

	/** \d, \w, \x41, \1 and their like are not POSIX. */
	bool atom()
	{
		if (in_[at_] != '\\') {
			copy(1);
			return true;
		}
		if (at_ + 1 == in_.size() || is_alnum(in_[at_ + 1]))
			return false;
		copy(2);
		return true;
	}

	/** A bracket expression, from its '[' to its ']'. */
	bool bracket()
	{
		copy(next_is("[^") ? 2 : 1);
		if (next_is("]"))
			copy(1);
		while (at_ < in_.size() && in_[at_] != ']') {
			if (!member())
				return false;
		}
		if (at_ == in_.size())
			return false;
		copy(1);
		return true;
	}

	/** RE2 takes [.x.] and [=x=] for plain members, knows a [:^class:]
	 *  of its own, and has backslash as an escape. */
	bool member()
	{
		if (next_is("[.") || next_is("[=") || next_is("[:^"))
			return false;
		if (next_is("[:"))
			return char_class();
		if (next_is("\\"))
			out_ += '\\';
		copy(1);
		return true;
	}

	bool char_class()
	{
		size_t end = in_.find(":]", at_ + 2);

		if (end == std::string::npos)
			return false;
		copy(end + 2 - at_);
		return true;
	}

	std::string in_, out_;
	size_t at_ = 0;
};

RE2::Options options()
{
	RE2::Options o;

	o.set_posix_syntax(true);
	o.set_longest_match(true);
	o.set_max_mem(MEMORY_MAX);
	o.set_log_errors(false);
	return o;
}

} // namespace

struct regex {
	explicit regex(const std::string &pattern) : program(pattern, options())
	{
	}
	RE2 program;
};

enum enum_status regex_compile(struct span pattern, struct regex **regex_out)
try {
	*regex_out = nullptr;
	if (pattern.len > PATTERN_MAX)
		return ENUM_BAD_REGEXP;
	translator posix(pattern);
	if (!posix.run())
		return ENUM_BAD_REGEXP;
	auto made = std::make_unique<struct regex>(posix.out());
	if (!made->program.ok())
		return ENUM_BAD_REGEXP;
	*regex_out = made.release();
	return ENUM_OK;
} catch (const std::bad_alloc &) {
	return ENUM_NO_MEMORY;
}

unsigned regex_group_count(const struct regex *regex)
{
	return (unsigned)regex->program.NumberOfCapturingGroups();
}

enum enum_status regex_match(const struct regex *regex, struct span subject,
			     struct span groups_out[REGEX_GROUPS])
try {
	re2::StringPiece text(subject.at, subject.len), found[REGEX_GROUPS];

	if (!regex->program.Match(text, 0, text.size(), RE2::UNANCHORED, found,
				  REGEX_GROUPS))
		return ENUM_NO_MATCH;
	for (int i = 0; i < REGEX_GROUPS; i++)
		groups_out[i] = span{ found[i].data(), found[i].size() };
	return ENUM_OK;
} catch (const std::bad_alloc &) {
	return ENUM_NO_MEMORY;
}

void regex_destroy(struct regex **regex)
{
	delete *regex;
	*regex = nullptr;
}
