using System.Text.Json;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Once;

/// <summary>Reads what a reply says of its call's key.</summary>
internal static class TransactionExtensions
{
    internal static JsonElement Transaction(this JsonElement reply) =>
        (reply.TryGetProperty("error", out var error) ? error.GetProperty("data") : reply.Result().GetProperty("_meta")).GetProperty("mcp_tx");

    internal static void AssertTransaction(this JsonElement reply, bool ack, bool processed, bool duplicate, string? requestId = null, int attempts = 1)
    {
        var transaction = reply.Transaction();
        Assert.Equal((ack, processed, duplicate),
            (transaction.GetProperty("ack").GetBoolean(), transaction.GetProperty("processed").GetBoolean(), transaction.GetProperty("duplicate").GetBoolean()));
        Assert.Equal(requestId, transaction.TryGetProperty("request_id", out var id) ? id.GetString() : null);
        Assert.Equal(attempts, transaction.GetProperty("attempts").GetInt32());
    }
}
