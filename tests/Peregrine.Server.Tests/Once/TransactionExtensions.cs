using System.Text.Json;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Once;

/// <summary>Reads what a reply says of its call's key.</summary>
internal static class TransactionExtensions
{
    internal static JsonElement Transaction(this JsonElement reply) =>
        (reply.TryGetProperty("error", out var error) ? error.GetProperty("data") : reply.Result().GetProperty("_meta")).GetProperty("mcp_tx");
}
