#include "url.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <strings.h>

#include "buffer.h"
#include "json_string.h"

enum scheme { SCHEME_SPECIAL, SCHEME_FILE, SCHEME_OTHER };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int hex_digit(char c)
{
	return is_digit(c) ? c - '0' : is_letter(c) && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Without blanks and controls at the ends and without tabs and line breaks anywhere. */
static void add_stripped(struct slice text, struct buffer *url)
{
	while (text.length && (unsigned char)text.data[0] <= ' ')
		text = slice_of(text.data + 1, text.length - 1);
	while (text.length && (unsigned char)text.data[text.length - 1] <= ' ')
		text.length--;
	for (size_t i = 0; i < text.length; i++)
		if (!memchr("\t\n\r", text.data[i], 3))
			buffer_add_byte(url, text.data[i]);
}

/* The length of the scheme, which a colon follows; 0: none. */
static size_t scheme_length(struct slice url)
{
	size_t i = 0;

	if (!url.length || !is_letter(url.data[0]))
		return 0;
	while (i < url.length && (is_letter(url.data[i]) || is_digit(url.data[i]) || memchr("+-.", url.data[i], 3)))
		i++;
	return i < url.length && url.data[i] == ':' ? i : 0;
}

static enum scheme scheme_of(struct slice name)
{
	static const char *const special[] = {"http", "https", "ws", "wss", "ftp"};

	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (name.length == strlen(special[i]) && strncasecmp(name.data, special[i], name.length) == 0)
			return SCHEME_SPECIAL;
	return name.length == 4 && strncasecmp(name.data, "file", 4) == 0 ? SCHEME_FILE : SCHEME_OTHER;
}

/* One part of an IPv4 address; -1: none. Large values stay large. */
static int64_t ipv4_number(struct slice part)
{
	int base = 10;
	int64_t value = 0;

	if (!part.length)
		return -1;
	if (part.length >= 2 && part.data[0] == '0') {
		base = (part.data[1] | 0x20) == 'x' ? 16 : 8;
		part = base == 16 ? slice_of(part.data + 2, part.length - 2) : slice_of(part.data + 1, part.length - 1);
	}
	for (size_t i = 0; i < part.length; i++) {
		int digit = hex_digit(part.data[i]);

		if (digit < 0 || digit >= base)
			return -1;
		value = value > INT32_MAX ? INT64_C(1) << 40 : value * base + digit;
	}
	return value;
}

/* The label before the last dot is taken for the last one where nothing follows that dot. */
static struct slice last_label(struct slice host)
{
	size_t start;

	if (host.length && host.data[host.length - 1] == '.')
		host.length--;
	for (start = host.length; start && host.data[start - 1] != '.'; start--)
		;
	return slice_of(host.data + start, host.length - start);
}

static bool ends_in_number(struct slice host)
{
	struct slice label = last_label(host);
	bool digits = label.length > 0;

	for (size_t i = 0; i < label.length; i++)
		digits = digits && is_digit(label.data[i]);
	return digits || (label.length >= 2 && label.data[0] == '0' && (label.data[1] | 0x20) == 'x' && ipv4_number(label) >= 0);
}

static bool ipv4_valid(struct slice host)
{
	size_t start = 0, parts = 0;

	if (host.length && host.data[host.length - 1] == '.')
		host.length--;
	for (size_t i = 0; i <= host.length; i++) {
		int64_t value;

		if (i < host.length && host.data[i] != '.')
			continue;
		value = ipv4_number(slice_of(host.data + start, i - start));
		parts++;
		start = i + 1;
		if (value < 0 || parts > 4 || (i < host.length && value > 255))
			return false;
		if (i == host.length && value >= INT64_C(1) << 8 * (5 - parts))
			return false;
	}
	return true;
}

static bool ipv6_valid(struct slice host)
{
	char text[64];
	struct in6_addr address;

	if (host.length < 3 || host.length >= sizeof text || host.data[host.length - 1] != ']')
		return false;
	memcpy(text, host.data + 1, host.length - 2);
	text[host.length - 2] = '\0';
	return inet_pton(AF_INET6, text, &address) == 1;
}

/* A domain, percent signs decoded; what is not ASCII passes. */
static bool domain_valid(struct slice host)
{
	struct buffer domain = BUFFER_EMPTY;
	bool good = true;

	for (size_t i = 0; i < host.length; i++)
		if (host.data[i] == '%' && i + 2 < host.length && hex_digit(host.data[i + 1]) >= 0 && hex_digit(host.data[i + 2]) >= 0) {
			buffer_add_byte(&domain, (char)(hex_digit(host.data[i + 1]) << 4 | hex_digit(host.data[i + 2])));
			i += 2;
		} else {
			buffer_add_byte(&domain, host.data[i]);
		}
	good = utf8_valid_prefix(domain.data, domain.length) == domain.length;
	for (size_t i = 0; good && i < domain.length; i++) {
		static const char replacement[] = "\xef\xbf\xbd"; /* what IDNA disallows and a broken escape becomes */
		unsigned char c = (unsigned char)domain.data[i];

		good = c > ' ' && c != 0x7f && !memchr("#/:<>?@[\\]^|%", c, 13)
			&& (domain.length - i < 3 || memcmp(domain.data + i, replacement, 3) != 0);
	}
	if (good && ends_in_number(slice_of(domain.data, domain.length)))
		good = ipv4_valid(slice_of(domain.data, domain.length));
	buffer_free(&domain);
	return good;
}

static bool host_valid(struct slice host, enum scheme scheme)
{
	if (host.length && host.data[0] == '[')
		return ipv6_valid(host);
	if (scheme != SCHEME_OTHER)
		return domain_valid(host);
	for (size_t i = 0; i < host.length; i++)
		if (memchr("\0\t\n\r #/:<>?@[\\]^|", host.data[i], 17))
			return false;
	return true;
}

static bool port_valid(struct slice port)
{
	unsigned long value = 0;

	for (size_t i = 0; i < port.length; i++) {
		if (!is_digit(port.data[i]))
			return false;
		value = value * 10 + (unsigned long)(port.data[i] - '0');
		if (value > 65535)
			return false;
	}
	return true;
}

/* [user[:password]@]host[:port] */
static bool authority_valid(struct slice text, enum scheme scheme)
{
	struct slice host, port = {NULL, 0};
	bool credentials = false, in_brackets = false;
	size_t colon;

	for (size_t i = text.length; i && !credentials; i--)
		if (text.data[i - 1] == '@') {
			text = slice_of(text.data + i, text.length - i);
			credentials = true;
		}
	for (colon = 0; colon < text.length && (in_brackets || text.data[colon] != ':'); colon++)
		in_brackets = text.data[colon] == '[' || (in_brackets && text.data[colon] != ']');
	host = slice_of(text.data, colon);
	if (colon < text.length)
		port = slice_of(text.data + colon + 1, text.length - colon - 1);
	if (!host.length && (scheme == SCHEME_SPECIAL || credentials || port.data))
		return false;
	return host_valid(host, scheme) && port_valid(port);
}

/* Windows drive letters stand where a file's host would. */
static bool file_host_valid(struct slice host)
{
	bool drive = host.length == 2 && is_letter(host.data[0]) && (host.data[1] == ':' || host.data[1] == '|');

	return drive || host_valid(host, SCHEME_FILE);
}

static bool rest_valid(struct slice rest, enum scheme scheme)
{
	const char *ends = scheme == SCHEME_OTHER ? "/?#" : "/\\?#";
	size_t slashes = 0, end;

	while (slashes < rest.length && (rest.data[slashes] == '/' || (scheme != SCHEME_OTHER && rest.data[slashes] == '\\')))
		slashes++;
	if (scheme != SCHEME_SPECIAL && slashes < 2)
		return true;
	if (scheme != SCHEME_SPECIAL)
		slashes = 2;
	rest = slice_of(rest.data + slashes, rest.length - slashes);
	for (end = 0; end < rest.length && !strchr(ends, rest.data[end]); end++)
		;
	rest.length = end;
	return scheme == SCHEME_FILE ? file_host_valid(rest) : authority_valid(rest, scheme);
}

bool url_valid(struct slice text)
{
	struct buffer stripped = BUFFER_EMPTY;
	struct slice url;
	size_t scheme;
	bool good;

	add_stripped(text, &stripped);
	url = slice_of(stripped.data, stripped.length);
	scheme = scheme_length(url);
	good = scheme && rest_valid(slice_of(url.data + scheme + 1, url.length - scheme - 1), scheme_of(slice_of(url.data, scheme)));
	buffer_free(&stripped);
	return good;
}
