using System.Security.Cryptography;
using System.Text;
using Peregrine.Client.Pipeline;

namespace Peregrine.Client.Caching;

/// <summary>Gives a client its cache: before it connects, so that no notification is missed.</summary>
internal static class CacheSetup
{
    /// <summary>Options with a cache, where one is wanted, and a handler that lets it see notifications.</summary>
    internal static PeregrineClientOptions Apply(PeregrineClientOptions options)
    {
        if (options.Cache is not { MaxBytes: > 0 })
        {
            return options;
        }

        var cache = options.SharedCache ?? new ResponseCache(options.Cache, options.TimeProvider);
        return options with { SharedCache = cache, Handler = new CachingHandler(cache, options.Handler) };
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
