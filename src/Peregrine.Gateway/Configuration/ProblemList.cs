using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<ConfigurationProblem> _errors = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    internal bool HasErrors => _errors.Count > 0;

    internal void Error(ConfigPosition at, string message, string remedy) => _errors.Add(new ConfigurationProblem(file, at.Line, at.Column, message, remedy));

    internal void Warn(ConfigPosition at, string message, string remedy) => _warnings.Add(new ConfigurationProblem(file, at.Line, at.Column, message, remedy));

    internal ConfigurationResult ToResult(GatewayConfiguration? configuration) => new()
    {
        Configuration = HasErrors ? null : configuration,
        Errors = InFileOrder(_errors),
        Warnings = InFileOrder(_warnings),
    };

    // Distinct: a text that is read twice reports its variables twice.
    private static ImmutableArray<ConfigurationProblem> InFileOrder(List<ConfigurationProblem> problems) =>
        [.. problems.Distinct().OrderBy(static problem => problem.Line).ThenBy(static problem => problem.Column)];
}
