namespace Peregrine.JsonSchema.Compilation;

/// <summary>
/// Resolves URI references as RFC 3986 section 5.2 says, on the text: no host is lowered, no escape changed. <see cref="Uri"/> does both, and takes no <c>urn:</c> as a base.
/// </summary>
internal static class UriReferences
{
    /// <summary>Splits a reference into what stands before <c>#</c> and what stands behind it, percent escapes of the fragment undone.</summary>
    public static (string Uri, string Fragment) Split(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? (reference, "") : (reference[..hash], Uri.UnescapeDataString(reference[(hash + 1)..]));
    }

    /// <summary>Resolves a reference without fragment against a base without fragment.</summary>
    public static string Resolve(string @base, string reference)
    {
        if (reference.Length == 0)
        {
            return @base;
        }

        if (SchemeLength(reference) > 0)
        {
            return RemoveDots(reference);
        }

        var scheme = SchemeLength(@base);
        if (reference.StartsWith("//", StringComparison.Ordinal))
        {
            return RemoveDots(@base[..scheme] + reference);
        }

        var path = PathStart(@base, scheme);
        if (reference[0] == '/')
        {
            return RemoveDots(@base[..path] + reference);
        }

        var query = @base.IndexOf('?', path);
        var pathEnd = query < 0 ? @base.Length : query;
        if (reference[0] == '?')
        {
            return @base[..pathEnd] + reference;
        }

        var slash = pathEnd > path ? @base.LastIndexOf('/', pathEnd - 1, pathEnd - path) : -1;
        if (slash < 0)
        {
            // A base with an authority and no path has the path "/".
            return RemoveDots(@base[..path] + (path > scheme ? "/" : "") + reference);
        }

        return RemoveDots(@base[..(slash + 1)] + reference);
    }

    /// <summary>Length of the scheme with its colon; 0 where there is none.</summary>
    private static int SchemeLength(string uri)
    {
        for (var i = 0; i < uri.Length; i++)
        {
            if (uri[i] == ':')
            {
                return i > 0 ? i + 1 : 0;
            }

            if (!(char.IsAsciiLetter(uri[i]) || (i > 0 && (char.IsAsciiDigit(uri[i]) || uri[i] is '+' or '-' or '.'))))
            {
                return 0;
            }
        }

        return 0;
    }

    private static int PathStart(string uri, int scheme)
    {
        if (!uri.AsSpan(scheme).StartsWith("//", StringComparison.Ordinal))
        {
            return scheme;
        }

        var end = uri.AsSpan(scheme + 2).IndexOfAny('/', '?');
        return end < 0 ? uri.Length : scheme + 2 + end;
    }

    private static string RemoveDots(string uri)
    {
        if (!uri.Contains("/.", StringComparison.Ordinal))
        {
            return uri;
        }

        var path = PathStart(uri, SchemeLength(uri));
        var query = uri.IndexOf('?', path);
        var pathEnd = query < 0 ? uri.Length : query;
        var segments = uri[path..pathEnd].Split('/');
        List<string> kept = [];
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] == ".." && kept.Count > 1)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (segments[i] is not ("." or ".."))
            {
                kept.Add(segments[i]);
            }
            else if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return uri[..path] + string.Join('/', kept) + uri[pathEnd..];
    }
}
