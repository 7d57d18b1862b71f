using System.Net;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Http;

/// <summary>How a server over HTTP ends when it is asked to.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task ACallInFlightIsAnsweredFirst()
    {
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0");
        using var client = new CountedClient(HttpVersion.Version11);
        await client.CallAsync(child.Endpoints[0], "echo", """{"message":"warm"}""");
        var slow = client.CallAsync(child.Endpoints[0], "sleep", """{"ms":2000}""");

        // Its answer comes behind that of a call that was sent after it began.
        await client.CallAsync(child.Endpoints[0], "sleep", """{"ms":200}""");
        child.Terminate();

        Assert.DoesNotContain("isError", await slow, StringComparison.Ordinal);
        Assert.Equal(0, await child.WaitForExitAsync());
    }

    [Fact]
    public async Task ACallThatDoesNotEndIsGivenUpAtTheDeadline()
    {
        await using var child = await HttpChild.StartAsync(1, "--urls", "http://127.0.0.1:0");
        using var client = new CountedClient(HttpVersion.Version11);
        var endless = client.CallAsync(child.Endpoints[0], "sleep", """{"ms":600000}""");
        await client.CallAsync(child.Endpoints[0], "echo", """{"message":"warm"}""");
        child.Terminate();

        Assert.Equal(0, await child.WaitForExitAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless);
    }
}
