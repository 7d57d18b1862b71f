using System.Collections.Frozen;

namespace Peregrine.JsonSchema.Formats;

/// <summary>A <c>format</c> that is checked (2020-12 validation, section 7.3).</summary>
internal sealed class StringFormat
{
    private static readonly FrozenDictionary<string, StringFormat> s_formats = new StringFormat[]
    {
        new("date", DateFormats.IsDate),
        new("time", DateFormats.IsTime),
        new("date-time", DateFormats.IsDateTime),
        new("duration", DateFormats.IsDuration, JsonSchemaDraft.Draft201909),
        new("email", static text => EmailFormat.IsEmail(text, international: false)),
        new("idn-email", static text => EmailFormat.IsEmail(text, international: true)),
        new("hostname", static text => HostnameFormat.IsHostname(text, international: false)),
        new("idn-hostname", static text => HostnameFormat.IsHostname(text, international: true)),
        new("ipv4", AddressFormats.IsIpv4),
        new("ipv6", AddressFormats.IsIpv6),
        new("uri", static text => UriFormats.IsUri(text, UriKind.Absolute, international: false)),
        new("uri-reference", static text => UriFormats.IsUri(text, UriKind.RelativeOrAbsolute, international: false)),
        new("iri", static text => UriFormats.IsUri(text, UriKind.Absolute, international: true)),
        new("iri-reference", static text => UriFormats.IsUri(text, UriKind.RelativeOrAbsolute, international: true)),
        new("uri-template", UriTemplateFormat.IsTemplate),
        new("uuid", PointerFormats.IsUuid, JsonSchemaDraft.Draft201909),
        new("json-pointer", PointerFormats.IsPointer),
        new("relative-json-pointer", PointerFormats.IsRelativePointer),
        new("regex", PointerFormats.IsRegex),
    }.ToFrozenDictionary(static format => format.Name, StringComparer.Ordinal);

    private readonly Check _check;
    private readonly JsonSchemaDraft _since;

    private StringFormat(string name, Check check, JsonSchemaDraft since = JsonSchemaDraft.Draft7)
    {
        Name = name;
        _check = check;
        _since = since;
    }

    private delegate bool Check(ReadOnlySpan<byte> text);

    public string Name { get; }

    /// <summary>The format of that name in a draft, or null where the draft has none.</summary>
    public static StringFormat? Find(string name, JsonSchemaDraft draft) => s_formats.GetValueOrDefault(name) is { } format && draft >= format._since ? format : null;

    /// <summary>Whether unescaped UTF-8 text has the format.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text) => _check(text);
}
