namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>A scoped service.</summary>
internal sealed class UnitOfWork(Unit unit) : IDisposable
{
    internal int Number { get; } = unit.NextWork();

    internal bool FailsToEnd { get; set; }

    public void Dispose()
    {
        unit.Log.Enqueue($"work {Number}");
        if (FailsToEnd)
        {
            throw new InvalidOperationException("The work cannot be ended.");
        }
    }
}
