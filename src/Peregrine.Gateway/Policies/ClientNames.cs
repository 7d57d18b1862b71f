using System.Net;
using System.Runtime.CompilerServices;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Policies;

/// <summary>Names clients for limits: who has signed in, else the address or the connection that they call from. Thread-safe.</summary>
internal sealed class ClientNames
{
    // What has no name of its own, such as a connection, is numbered as long as it lives.
    private readonly ConditionalWeakTable<object, string> _names = [];
    private long _last;

    internal string Of(McpExchange exchange)
    {
        var key = exchange.ClientKey;
        return key switch
        {
            string principal => "user " + (principal.Length <= 512 ? principal : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(principal)))),
            IPAddress address => "from " + address,
            _ => _names.GetValue(key, _ => $"line {Interlocked.Increment(ref _last)}"),
        };
    }
}
