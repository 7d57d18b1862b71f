using Microsoft.AspNetCore.Mvc.Testing;
using Peregrine.Testing;
using Peregrine.Testing.Links;
using Peregrine.Testing.Peers;
using Peregrine.Transport.Connections;

public sealed class WeatherToolsTests
{
    [Fact]
    public async Task ATool()
    {
        await using var app = await McpTest.StartAsync(server => server.AddTools<WeatherTools>());

        Assert.Equal("It is 19 °C in Oslo.", await app.CallTextAsync("get_weather", """{"city":"Oslo"}"""));
    }

    [Fact]
    public async Task WhatClientsSeeOfTheTools()
    {
        await using var app = await McpTest.StartAsync(server => server.AddTools<WeatherTools>());

        await app.Contract.VerifyAsync("weather.mcp.json"); // Beside this file; UPDATE_CONTRACTS=1 writes it.
    }

    [Fact]
    public async Task APeerThatBreaksOff()
    {
        var faults = new LinkFaults { ServerMisbehaves = message => message.Json.Span.IndexOf("Oslo"u8) >= 0 ? PeerFault.Truncate : PeerFault.None };
        await using var app = await McpTest.StartAsync(server => server.AddTools<WeatherTools>(), new McpTestOptions { Link = faults });

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => app.CallTextAsync("get_weather", """{"city":"Oslo"}"""));
        Assert.True(exception.MayHaveRun);
    }

    [Fact]
    public async Task AnApplicationWithItsServicesAndMiddleware()
    {
        await using var factory = new WebApplicationFactory<ShopTools>();
        await using var app = await McpTest.ForAsync(factory.Server.CreateHandler(), "/mcp");

        Assert.StartsWith("Order 1: tea", await app.CallTextAsync("place_order", """{"item":"tea"}"""));
        Assert.Equal("""["tea"]""", await factory.CreateClient().GetStringAsync("/orders"));
    }
}
