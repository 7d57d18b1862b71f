using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Client;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Legacy;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;
using Peregrine.Server.Duplex;
using Peregrine.Server.Filters;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;
using Peregrine.Testing;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.AspNetCore.Tests.Filters;

/// <summary>What surrounds calls by the user's wish.</summary>
public sealed class FilterTests
{
    private static readonly string[] Tools = ["fine", "reading", "broken", "limited", "guarded"];

    private static readonly string[] Sequence =
    [
        "outer in: fine test", "writing in: fine test", "inner in: fine test", "fine with outer/writing/inner", "inner out: fine succeeded", "writing out: fine succeeded", "outer out: fine succeeded",
        "outer in: reading test", "inner in: reading test", "inner out: reading succeeded", "outer out: reading succeeded",
        "outer in: broken test", "writing in: broken test", "inner in: broken test", "inner out: broken failed not today", "writing out: broken failed not today", "outer out: broken failed not today",
        "outer in: limited test", "writing in: limited test", "inner in: limited test",
        "inner out: limited failed after outer/writing/inner", "writing out: limited failed after outer/writing/inner", "outer out: limited failed after outer/writing/inner",
        "outer in: guarded test", "writing in: guarded test", "writing out: guarded failed", "outer out: guarded failed",
    ];

    private static readonly string[] Answers = ["fine", "read", "not today", "after outer/writing/inner", "Nobody may."];

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task TheSequenceInMemory(ProtocolEra era)
    {
        var traced = new TracedCalls();
        await using var app = await McpTest.ForAsync(traced.Build(), Options(era));

        await CallAllAsync(app.Client);

        Assert.Equal(Sequence, traced.Seen);
    }

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task TheSameOverStdio(ProtocolEra era)
    {
        var traced = new TracedCalls();
        var server = traced.Build();
        var (client, ours) = InMemoryStreams.Create();
        using var stdio = new StdioServer(server, new BlockingPair(ours), DuplexOptions.Default, server.Scheduler, NullLogger.Instance);
        var running = stdio.RunAsync(TimeProvider.System, CancellationToken.None);
        await using (var connected = await PeregrineClient.ConnectAsync(DuplexConnection.Start(client.Input, client.Output, "stdio"), Options(era).Client))
        {
            await CallAllAsync(connected);
        }

        await running.WaitAsync(TestSite.Patience);
        Assert.Equal(Sequence, traced.Seen);
    }

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task TheSameOverHttp(ProtocolEra era)
    {
        var traced = new TracedCalls();
        await using var site = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", traced.Build()));
        await using var client = await PeregrineClient.ConnectAsync(new Uri(site.Address, "/mcp"), Options(era).Client);

        await CallAllAsync(client);

        Assert.Equal(Sequence, traced.Seen);
    }

    [Fact]
    public async Task TheSameOverHttpWithEventStream()
    {
        var traced = new TracedCalls();
        await using var site = await TestSite.StartAsync(app => app.MapPeregrineSse("/sse", traced.Build()));
        using var client = await LegacyClient.OpenAsync(site);
        await client.AskAsync(TestSession.Initialize("2024-11-05").Replace("\"name\":\"t\"", "\"name\":\"test\"", StringComparison.Ordinal));
        await client.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        List<string> answers = [];
        foreach (var tool in Tools)
        {
            answers.Add((await client.AskAsync(TestSite.SessionCall(tool))).Text());
        }

        Assert.Equal(Answers, answers);
        Assert.Equal(Sequence, traced.Seen);
    }

    [Fact]
    public async Task WhatAFilterThrowsIsAFailureOfTheCall()
    {
        await using var app = await McpTest.StartAsync(static server => server
            .AddFilter(static async (call, next) =>
            {
                await next(call);
                throw new McpToolException("after all, no");
            })
            .AddTool(new DelegateTool("fine", static call => call.ReturnText("fine"))));

        var exception = await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("fine"));

        Assert.Equal("The tool \"fine\" failed: after all, no", exception.Message);
    }

    [Fact]
    public async Task AFilterThatForgetsToAnswerIsReported()
    {
        await using var app = await McpTest.StartAsync(static server => server
            .AddFilter(static (_, _) => default)
            .AddTool(new DelegateTool("fine", static call => call.ReturnText("fine"))));

        await Assert.ThrowsAsync<McpTestException>(() => app.CallTextAsync("fine"));

        Assert.Contains("without a result", Assert.Single(app.Log.Entries, static entry => entry.Exception is not null).Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFilterMayRunACallAgain()
    {
        var runs = 0;
        await using var app = await McpTest.StartAsync(server => server
            .AddFilter(static async (call, next) =>
            {
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    await next(call);
                    if (!call.IsError)
                    {
                        break;
                    }
                }
            })
            .AddTool(new DelegateTool("third", call =>
            {
                if (++runs < 3)
                {
                    throw new McpToolException("again");
                }

                call.ReturnText($"run {runs}");
            })));

        Assert.Equal("run 3", await app.CallTextAsync("third"));
    }

    [Fact]
    public void WithoutFiltersThereIsNoStep()
    {
        var source = new FilterSource(null!, null!, [new ToolFilter(static (call, next) => next(call), static tool => tool.Name == "other")]);

        Assert.Null(source.StepFor(new DelegateTool("plain", static call => call.ReturnNothing())));
        Assert.NotNull(source.StepFor(new DelegateTool("other", static call => call.ReturnNothing())));
    }

    private static McpTestOptions Options(ProtocolEra era) => new() { Client = new PeregrineClientOptions { Era = era, Name = "test" } };

    private static async Task CallAllAsync(PeregrineClient client)
    {
        List<string> answers = [];
        foreach (var tool in Tools)
        {
            using var result = await client.CallToolAsync(tool, "{}"u8.ToArray());
            answers.Add(result.GetText());
        }

        Assert.Equal(Answers, answers);
    }

    /// <summary>A blocking channel over a pair of streams.</summary>
    private sealed class BlockingPair(StreamPair streams) : BlockingChannel
    {
        public override int Read(Span<byte> buffer)
        {
            var rented = new byte[buffer.Length];
            var count = streams.Input.ReadAsync(rented).AsTask().GetAwaiter().GetResult();
            rented.AsSpan(0, count).CopyTo(buffer);
            return count;
        }

        public override void Write(ReadOnlySpan<byte> bytes) => streams.Output.WriteAsync(bytes.ToArray()).AsTask().GetAwaiter().GetResult();

        public override bool WaitReadable(int milliseconds) => true;

        public override bool CanWrite(int count) => false;

        protected override void Dispose(bool disposing)
        {
            streams.Input.Dispose();
            streams.Output.Dispose();
        }
    }
}
