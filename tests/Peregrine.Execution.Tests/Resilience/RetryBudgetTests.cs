using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Retries_are_paid_for_by_first_attempts()
    {
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0.2, MinPerSecond = 0, Capacity = 3 }, new ManualTime());
        Assert.Equal(3, Drain(budget));
        for (var i = 0; i < 10; i++)
        {
            budget.Deposit();
        }

        Assert.Equal(2, Drain(budget));
    }

    [Fact]
    public void Time_fills_it_too_but_not_over_its_capacity()
    {
        var time = new ManualTime();
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 4, Capacity = 10 }, time);
        Assert.Equal(10, Drain(budget));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, Drain(budget));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Drain(budget));
    }

    /// <summary>Whatever happens in whatever order: never more retries than it began with, plus its part of the first attempts, plus what time brings; and it is never kept below that by rounding more than a thousandth a step.</summary>
    [Fact]
    public void It_gives_what_it_took_in_and_no_more()
    {
        var steps = ArbMap.Default.GeneratorFor<(byte What, ushort Milliseconds)[]>();
        Prop.ForAll(steps.ToArbitrary(), ArbMap.Default.GeneratorFor<(byte Ratio, byte PerSecond, byte Capacity)>().ToArbitrary(), static (steps, o) =>
        {
            var time = new ManualTime();
            var options = new RetryBudgetOptions { Ratio = o.Ratio / 100.0, MinPerSecond = o.PerSecond, Capacity = o.Capacity + 1 };
            var budget = new RetryBudget(options, time);
            double most = options.Capacity;
            foreach (var (what, milliseconds) in steps)
            {
                switch (what % 3)
                {
                    case 0:
                        budget.Deposit();
                        most = Math.Min(most + options.Ratio, options.Capacity);
                        break;
                    case 1:
                        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                        most = Math.Min(most + (options.MinPerSecond * milliseconds / 1000.0), options.Capacity);
                        break;
                    default:
                        if (budget.TryWithdraw())
                        {
                            most -= 1;
                        }

                        break;
                }

                // The model may be ahead: it fills at once, the budget when it is asked; it must never be behind.
                if (most < -0.001 || budget.Available > options.Capacity || budget.Available > most + 0.01)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Many_at_once_never_take_more_than_there_is()
    {
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 0, Capacity = 1000 }, new ManualTime());
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Drain(budget))));
        Assert.Equal(1000, taken.Sum());
    }

    private static int Drain(RetryBudget budget)
    {
        var count = 0;
        while (budget.TryWithdraw())
        {
            count++;
        }

        return count;
    }
}
