namespace Peregrine.Conformance.Tests.Suite;

/// <summary>One check of a scenario.</summary>
/// <param name="Id">The suite's name for it.</param>
/// <param name="Status"><c>SUCCESS</c>, <c>FAILURE</c>, <c>WARNING</c>, <c>SKIPPED</c> or <c>INFO</c>.</param>
/// <param name="Message">What is wrong, where something is.</param>
internal sealed record ScenarioCheck(string Id, string Status, string Message)
{
    /// <summary>Anything but a success is a fault: a warning is a SHOULD that was not done, and what was skipped was not checked.</summary>
    internal bool IsFault => Status is not ("SUCCESS" or "INFO");

    public override string ToString() => $"{Status} {Id}: {Message}";
}
