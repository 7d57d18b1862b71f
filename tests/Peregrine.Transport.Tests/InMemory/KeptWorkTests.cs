using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Tests.InMemory;

public sealed class KeptWorkTests
{
    private readonly HeldScheduler _scheduler = new();
    private readonly List<string> _ran = [];

    [Fact]
    public void Without_a_place_the_scheduler_has_it()
    {
        KeptWork.Schedule(Work("a"), _scheduler);
        Assert.Equal(1, _scheduler.RunAll());
        Assert.Null(KeptWork.Close());
        Assert.Equal(["a"], _ran);
    }

    [Fact]
    public void The_last_piece_is_kept_and_those_before_are_not()
    {
        KeptWork.Open();
        KeptWork.Schedule(Work("a"), _scheduler);
        Assert.Equal(0, _scheduler.Count);
        KeptWork.Schedule(Work("b"), _scheduler);
        KeptWork.Schedule(Work("c"), _scheduler);
        var kept = KeptWork.Close();
        Assert.Equal(2, _scheduler.RunAll());
        Assert.Equal(["a", "b"], _ran);
        kept!.Execute();
        Assert.Equal(["a", "b", "c"], _ran);
        Assert.Null(KeptWork.Close());
    }

    [Fact]
    public void What_is_released_is_the_schedulers()
    {
        KeptWork.Open();
        KeptWork.Release();
        KeptWork.Schedule(Work("a"), _scheduler);
        KeptWork.Release();
        Assert.Null(KeptWork.Close());
        Assert.Equal(1, _scheduler.RunAll());
    }

    [Fact]
    public void A_place_is_its_threads_own()
    {
        KeptWork.Open();
        var other = new Thread(() => KeptWork.Schedule(Work("a"), _scheduler));
        other.Start();
        other.Join();
        Assert.Null(KeptWork.Close());
        Assert.Equal(1, _scheduler.RunAll());
    }

    private NamedWork Work(string name) => new(_ran, name);

    private sealed class NamedWork(List<string> ran, string name) : IThreadPoolWorkItem
    {
        public void Execute() => ran.Add(name);
    }
}
