using System.Text.Json;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>One event of a stream.</summary>
internal sealed record TestEvent(string? Id, string? Data, string? Retry, bool IsComment, string? Name = null)
{
    internal JsonElement Message()
    {
        Assert.False(string.IsNullOrEmpty(Data), $"{this} carries no message.");
        using var document = JsonDocument.Parse(Data);
        return document.RootElement.Clone();
    }
}
