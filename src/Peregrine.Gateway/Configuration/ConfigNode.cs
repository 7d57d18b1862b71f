namespace Peregrine.Gateway.Configuration;

/// <summary>A value of a configuration file with the place where it stands.</summary>
internal sealed class ConfigNode
{
    internal required ConfigNodeKind Kind { get; init; }

    internal required ConfigPosition Position { get; init; }

    /// <summary>The text of a string; the digits of a number; true, false or null as written.</summary>
    internal string Text { get; init; } = "";

    /// <summary>The members of an object in the order of the file, repeated ones included.</summary>
    internal List<ConfigMember> Members { get; } = [];

    /// <summary>The items of an array.</summary>
    internal List<ConfigNode> Items { get; } = [];

    /// <summary>What this is, for a sentence that says what was found.</summary>
    internal string Describe() => Kind switch
    {
        ConfigNodeKind.String => $"the string \"{Shorten(Text)}\"",
        ConfigNodeKind.Number => $"the number {Shorten(Text)}",
        ConfigNodeKind.Boolean => Text,
        ConfigNodeKind.Null => "null",
        ConfigNodeKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>The same without its content, where that may be a secret.</summary>
    internal string DescribeKind() => Kind switch
    {
        ConfigNodeKind.String => "a string",
        ConfigNodeKind.Number => "a number",
        _ => Describe(),
    };

    /// <summary>What this is where it should be a URL, without what may be a secret: an address can hold user names, passwords and keys.</summary>
    internal string DescribeUrl() => Kind != ConfigNodeKind.String ? DescribeKind()
        : Uri.TryCreate(Text, UriKind.Absolute, out var url) ? $"one of the scheme \"{Shorten(url.Scheme)}\""
        : "a string that is none";

    internal static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
