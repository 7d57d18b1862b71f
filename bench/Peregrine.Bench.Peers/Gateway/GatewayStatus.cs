using System.Text.Json;
using Peregrine.Bench.Peers.Http;

namespace Peregrine.Bench.Peers.Gateway;

/// <summary>What a gateway has counted since it started.</summary>
/// <param name="CacheHits">Calls that it answered from its cache.</param>
/// <param name="CacheMisses">Calls that it asked its server for although they might have been kept.</param>
/// <param name="SocketRequests">Requests that it sent to its server.</param>
/// <param name="SocketsOpened">Sockets that it connected for them.</param>
internal sealed record GatewayStatus(long CacheHits, long CacheMisses, long SocketRequests, long SocketsOpened)
{
    /// <summary>Asks the gateway on a port of this machine.</summary>
    public static GatewayStatus Read(int port)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using HttpResponseMessage response = client.Send(new HttpRequestMessage(HttpMethod.Get, HttpWorkload.OriginOn(port) + "/api/status"));
        using JsonDocument document = JsonDocument.Parse(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        JsonElement cache = document.RootElement.GetProperty("cache");
        JsonElement[] sockets = [.. document.RootElement.GetProperty("upstreams").EnumerateArray().Select(upstream => upstream.GetProperty("sockets"))];
        return new GatewayStatus(
            cache.GetProperty("hits").GetInt64(), cache.GetProperty("misses").GetInt64(),
            sockets.Sum(counts => counts.GetProperty("requests").GetInt64()), sockets.Sum(counts => counts.GetProperty("opened").GetInt64()));
    }
}
