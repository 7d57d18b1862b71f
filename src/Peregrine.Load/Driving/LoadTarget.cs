namespace Peregrine.Load.Driving;

/// <summary>The server that is measured: a URL, or a command that speaks over its standard streams.</summary>
public sealed record LoadTarget
{
    /// <summary>Its URL (http only); null where it is a command.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The program and its arguments; empty where it is a URL.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Headers that every HTTP request carries. Default: none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How to name it to a person.</summary>
    public string Name => Endpoint?.ToString() ?? string.Join(' ', Command);

    /// <summary>All that is wrong with it; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Endpoint is null == (Command.Count == 0))
        {
            faults.Add("Give either a URL or a command.");
        }

        if (Endpoint is not null && (!Endpoint.IsAbsoluteUri || Endpoint.Scheme != Uri.UriSchemeHttp))
        {
            faults.Add($"The URL must be an absolute http URL; found {Endpoint}. Where a server speaks https only, put a proxy in front that ends TLS.");
        }

        faults.AddRange(Headers
            .Where(static header => header.Key.Length == 0 || header.Key.AsSpan().ContainsAnyExceptInRange('!', '~') || header.Value.AsSpan().ContainsAny('\r', '\n', '\0'))
            .Select(static header => $"\"{header.Key}\" is no header that can be sent."));
        return faults;
    }
}
