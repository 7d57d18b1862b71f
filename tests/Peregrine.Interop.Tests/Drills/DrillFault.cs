namespace Peregrine.Interop.Tests.Drills;

/// <summary>Something that goes wrong while the load goes on.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Route">Whose calls it may hurt.</param>
/// <param name="Do">Lets it happen once; called again and again, with a pause between, as long as it lasts.</param>
/// <param name="Clear">Ends it.</param>
internal sealed record DrillFault(string Name, string Route, Func<Task> Do, Func<Task> Clear)
{
    /// <summary>True where processes are started because of it, which takes time from everybody.</summary>
    internal bool StartsProcesses { get; init; }
}
