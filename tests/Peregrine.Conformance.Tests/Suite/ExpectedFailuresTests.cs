using System.Text;

namespace Peregrine.Conformance.Tests.Suite;

public sealed class ExpectedFailuresTests
{
    private static readonly ScenarioOutcome Mixed = Outcome("""{"id":"a","status":"SUCCESS"},{"id":"b","status":"FAILURE","errorMessage":"why"},{"id":"c","status":"WARNING"}""");

    private static readonly ScenarioOutcome Fine = Outcome("""{"id":"a","status":"SUCCESS"},{"id":"log","status":"INFO"}""");

    [Fact]
    public void AFaultThatIsNotListedIsReported() => Assert.Equal(["FAILURE b: why", "WARNING c: "], List("2025-11-25 other | reason").Judge("2025-11-25", "some", Mixed));

    [Fact]
    public void AScenarioMayBeListedWhole() => Assert.Empty(List("2025-11-25 some | reason").Judge("2025-11-25", "some", Mixed));

    [Fact]
    public void SingleChecksMayBeListed() =>
        Assert.Equal(["WARNING c: "], List("2025-11-25 some:b | reason").Judge("2025-11-25", "some", Mixed));

    [Fact]
    public void AListIsForOneRevision() => Assert.NotEmpty(List("2025-06-18 some | reason").Judge("2025-11-25", "some", Mixed));

    [Theory]
    [InlineData("some")]
    [InlineData("some:a")]
    public void WhatPassesMustNotBeListed(string entry) =>
        Assert.Equal([$"2025-11-25 {entry} passes: remove it from Data/list.txt."], List($"2025-11-25 {entry} | reason").Judge("2025-11-25", "some", Fine));

    [Theory]
    [InlineData("""{"id":"wire-schema-valid","status":"SUCCESS"}""")]
    [InlineData("""{"id":"log","status":"INFO"}""")]
    [InlineData("")]
    public void AScenarioThatCheckedNothingHasAFault(string checks) => Assert.Equal([ScenarioOutcome.NothingChecked], Outcome(checks).Faults.Select(static fault => fault.Id));

    private static ExpectedFailures List(string line) => ExpectedFailures.Read("list.txt", ["# a comment", "", line]);

    private static ScenarioOutcome Outcome(string checks) => ScenarioOutcome.Read(Encoding.UTF8.GetBytes($"[{checks}]"));
}
