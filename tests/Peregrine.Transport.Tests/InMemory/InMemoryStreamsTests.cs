using System.Text;
using Peregrine.Observability.Scheduling;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Tests.InMemory;

public sealed class InMemoryStreamsTests
{
    [Fact]
    public async Task Bytes_arrive_in_order_however_they_are_cut_up()
    {
        var (client, server) = InMemoryStreams.Create();
        var sent = new byte[1_000_000];
        new Random(20261126).NextBytes(sent);
        var writing = WriteAsync();
        var received = new MemoryStream();
        await server.Input.CopyToAsync(received, 777).Soon();
        await writing.Soon();
        Assert.Equal(sent, received.ToArray());

        async Task WriteAsync()
        {
            var random = new Random(1);
            for (var from = 0; from < sent.Length;)
            {
                var count = Math.Min(random.Next(1, 100_000), sent.Length - from);
                await client.Output.WriteAsync(sent.AsMemory(from, count));
                await client.Output.FlushAsync();
                from += count;
            }

            await client.Output.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_writer_waits_for_a_reader_that_is_behind()
    {
        var (client, server) = InMemoryStreams.Create();
        var writing = client.Output.WriteAsync(new byte[64 * 1024]).AsTask();
        Assert.False(writing.IsCompleted);
        await server.Input.ReadExactlyAsync(new byte[48 * 1024]).Soon();
        await writing.Soon();
    }

    [Fact]
    public async Task A_read_can_be_given_up_and_the_next_one_gets_what_comes()
    {
        var (client, server) = InMemoryStreams.Create();
        using var cancel = new CancellationTokenSource();
        var buffer = new byte[10];
        var reading = server.Input.ReadAsync(buffer, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        await client.Output.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, await server.Input.ReadAsync(buffer).Soon());
    }

    [Fact]
    public async Task The_old_ways_to_read_and_write_work_as_well()
    {
        var (client, server) = InMemoryStreams.Create();
        client.Output.Write("abc"u8);
        client.Output.Flush();
        var buffer = new byte[10];
        Assert.Equal(3, server.Input.Read(buffer, 0, 10));
        await client.Output.WriteAsync("de"u8.ToArray().AsMemory());
        Assert.Equal(2, await server.Input.ReadAsync(buffer, 3, 7, CancellationToken.None).Soon());
        Assert.Equal("abcde", Encoding.ASCII.GetString(buffer, 0, 5));
        client.Output.Dispose();
        Assert.Equal(0, server.Input.Read(buffer, 0, 10));
        Assert.True(server.Input is { CanRead: true, CanWrite: false, CanSeek: false });
        Assert.Throws<NotSupportedException>(() => server.Input.Write("x"u8));
        Assert.Throws<NotSupportedException>(() => client.Output.ReadByte());
    }

    /// <summary>The official SDK and a user's own program read these streams too; what they do behind a read must not hold up who writes.</summary>
    [Fact]
    public async Task A_reader_that_promised_nothing_is_never_run_by_the_writer()
    {
        var (client, server) = InMemoryStreams.Create();
        using var gate = new ManualResetEventSlim();
        var reading = ReadThenBlockAsync();
        await client.Output.WriteAsync("x"u8.ToArray()).Soon();
        gate.Set();
        await reading.Soon();

        async Task ReadThenBlockAsync()
        {
            Assert.Equal(1, await server.Input.ReadAsync(new byte[1]));
            Assert.True(gate.Wait(TestTime.Limit));
        }
    }

    [Fact]
    public async Task A_reader_that_allows_it_is_run_by_the_writer_and_by_nobody_who_ends_the_connection()
    {
        var (client, server) = InMemoryStreams.Create();
        var input = Assert.IsType<InMemoryInput>(server.Input);
        input.WakeOnWriter();
        List<bool> onWriter = [];
        var reading = ReadAllAsync();
        await client.Output.WriteAsync("x"u8.ToArray());

        // Before the write has returned.
        Assert.Equal([true], onWriter);
        Assert.False(input.IsOnWriter);
        await client.Output.DisposeAsync();
        await reading.Soon();
        Assert.Equal([true, false], onWriter);

        async Task ReadAllAsync()
        {
            int count;
            do
            {
                count = await server.Input.ReadAsync(new byte[16]);
                onWriter.Add(input.IsOnWriter);
            }
            while (count > 0);
        }
    }

    [Fact]
    public async Task A_scheduler_that_is_given_runs_everything()
    {
        var scheduler = new HeldScheduler();
        var (client, server) = InMemoryStreams.Create(scheduler);
        ((InMemoryInput)server.Input).WakeOnWriter();
        var reading = server.Input.ReadAsync(new byte[16]).AsTask();
        await client.Output.WriteAsync("x"u8.ToArray());
        Assert.False(reading.IsCompleted);
        Assert.Equal(1, scheduler.RunAll());
        Assert.Equal(1, await reading.Soon());
    }

    [Fact]
    public async Task Replies_are_taken_by_who_writes_them_and_notifications_are_not()
    {
        await using var peer = LinePeer.Start();
        var handler = new BlockingHandler();
        peer.Connection.Handler = handler;
        var call = peer.Connection.SendRequestAsync("x"u8, "{}"u8).AsTask();
        var request = await peer.ReadMessageAsync();

        // The handler blocks until both have been written: on the writer's thread it would block for ever.
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/one"}""").Soon();
        await peer.ReplyAsync(request, "{}").Soon();
        Assert.False(call.IsCompleted);
        handler.Gate.Set();
        using var reply = await call.Soon();
        Assert.Equal(1, handler.Count);
    }

    [Fact]
    public async Task Order_holds_where_reading_changes_threads()
    {
        await using var peer = LinePeer.Start();
        var handler = new CountingHandler();
        peer.Connection.Handler = handler;
        for (var i = 1; i <= 500; i++)
        {
            var call = peer.Connection.SendRequestAsync("x"u8, "{}"u8).AsTask();
            var id = (await peer.ReadMessageAsync()).GetProperty("id").GetRawText();
            var reply = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""";
            const string Note = """{"jsonrpc":"2.0","method":"notifications/one"}""";

            // In one write, in two, and cut in the middle of a line; also two messages in a batch.
            await peer.WriteAsync((i % 4) switch
            {
                0 => $"{Note}\n{Note}\n{reply}\n",
                1 => $"[{Note},{Note}]\n{reply}\n",
                2 => $"{Note}\n{Note}\n{reply[..10]}",
                _ => $"{Note}\n",
            });
            await peer.WriteAsync((i % 4) switch
            {
                2 => $"{reply[10..]}\n",
                3 => $"{Note}\n{reply}\n",
                _ => "",
            });
            using (await call.Soon())
            {
                Assert.Equal(2 * i, handler.Count);
            }
        }
    }

    private sealed class BlockingHandler : IncomingHandler
    {
        internal ManualResetEventSlim Gate { get; } = new();

        internal int Count { get; private set; }

        public override void OnNotification(in IncomingNotification notification)
        {
            Gate.Wait(TestTime.Limit);
            Count++;
        }
    }

    private sealed class CountingHandler : IncomingHandler
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public override void OnNotification(in IncomingNotification notification) => Interlocked.Increment(ref _count);
    }
}
