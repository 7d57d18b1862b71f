using System.Security.Cryptography;
using System.Text;
using Peregrine.Client.Pipeline;

namespace Peregrine.Client.Caching;

/// <summary>Gives a client its cache.</summary>
internal static class CacheSetup
{
    /// <summary>Options with a cache, where one is wanted.</summary>
    internal static PeregrineClientOptions Apply(PeregrineClientOptions options)
    {
        return options.SharedCache is not null || options.Cache is not { MaxBytes: > 0 }
            ? options
            : options with { SharedCache = new ResponseCache(options.Cache, options.TimeProvider) };
    }

    /// <summary>Puts the step in front.</summary>
    internal static RequestPipeline Wrap(RequestPipeline next, PeregrineClientOptions options) =>
        options.SharedCache is { } cache ? new CacheStep(next, cache, ContextOf(options)) : next;

    // A hash, for the cache may outlive the header, and dumps of memory are read by many.
    private static string ContextOf(PeregrineClientOptions options)
    {
        if (options.Cache?.AuthorizationContext is { } context)
        {
            return context;
        }

        var authorization = options.Headers.FirstOrDefault(static header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)));
    }
}
