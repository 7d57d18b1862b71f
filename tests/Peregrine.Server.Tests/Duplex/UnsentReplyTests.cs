using System.Collections.Concurrent;
using System.Text;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>A reply that is there must not wait for the call behind it.</summary>
public sealed class UnsentReplyTests
{
    [Fact]
    public async Task AReplyDoesNotWaitForACallThatHoldsItsThread()
    {
        using var gate = new ManualResetEventSlim();
        using var scheduler = new OneWorker();
        var server = TestServer.Describe(new DelegateTool("hold", call =>
        {
            Assert.True(gate.Wait(TestPeer.Patience));
            call.ReturnText("held");
        })).UseScheduler(scheduler).Build();
        await using var peer = TestPeer.Start(server);

        // Read together, and run one behind the other by the only worker there is.
        await peer.SendRawAsync(Encoding.UTF8.GetBytes(Messages.Call("echo", "1") + "\n" + Messages.Call("hold", "2") + "\n"));

        Assert.Equal("nothing", (await peer.ReceiveAsync()).Text());
        gate.Set();
        Assert.Equal("held", (await peer.ReceiveAsync()).Text());
    }

    private sealed class OneWorker : IWorkScheduler, IDisposable
    {
        private readonly BlockingCollection<IThreadPoolWorkItem> _work = [];

        internal OneWorker() => StartThread("the only worker", () =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work.Execute();
            }
        });

        public void Schedule(IThreadPoolWorkItem work)
        {
            try
            {
                _work.Add(work);
            }
            catch (InvalidOperationException)
            {
                // The test is over.
            }
        }

        public void StartThread(string name, Action body) => ThreadPoolScheduler.Instance.StartThread(name, body);

        public IBlockingLane CreateLane(string name, int maxThreads) => ThreadPoolScheduler.Instance.CreateLane(name, maxThreads);

        public void Dispose() => _work.CompleteAdding();
    }
}
