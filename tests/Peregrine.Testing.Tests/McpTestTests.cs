using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Protocol.Versions;

namespace Peregrine.Testing.Tests;

/// <summary>A server and its client in one line.</summary>
public sealed class McpTestTests
{
    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task AToolIsCalledInEitherEra(ProtocolEra era)
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>(), McpTestOptions.Default with { Client = new PeregrineClientOptions { Era = era } });

        Assert.Equal(era, app.Client.Era);
        Assert.Equal("Hello, Ada!", await app.CallTextAsync("greet", """{"name":"Ada"}"""));
    }

    [Fact]
    public async Task AFailureOfTheToolIsTheTestsFailure()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("refuse"));

        Assert.Equal("The tool \"refuse\" failed: not today", exception.Message);
    }

    [Fact]
    public async Task WhatTheServerLogsCanBeRead()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());

        await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("break"));

        var entry = Assert.Single(app.Log.Entries, static entry => entry.Level == LogLevel.Error);
        Assert.IsType<InvalidOperationException>(entry.Exception);
        Assert.Contains("a bug", entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatCannotBeBuiltSaysWhy()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(static () => McpTest.StartAsync(static server => server.AddTools<ClockTools>().AddTools<ClockTools>()));

        Assert.Contains("greet", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheServersClockIsTheTests()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>());
        var before = app.Server.Options.TimeProvider.GetUtcNow();

        app.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromHours(1), app.Server.Options.TimeProvider.GetUtcNow() - before);
    }
}
