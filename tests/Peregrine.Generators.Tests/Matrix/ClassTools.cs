using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

public interface IGreeter
{
    /// <summary>Greets.</summary>
    /// <param name="who">Whom.</param>
    [McpTool(Name = "greet")]
    string Greet(string who);
}

public abstract class BaseTools
{
    [McpTool]
    public virtual string Overridden() => "base";

    [McpTool]
    public string Inherited() => "inherited";
}

[McpTools]
public sealed class DerivedTools : BaseTools, IGreeter
{
    public override string Overridden() => "derived";

    public string Greet(string who) => "Hello " + who;
}

[McpTools]
public sealed partial class PartialTools
{
    [McpTool] internal static string First() => "first";
}

public sealed partial class PartialTools
{
    [McpTool(Name = "second-tool", Title = "Second", ReadOnly = false, Destructive = false)]
    public static string Second() => "second";

    [McpTool(Name = "second.int")]
    public static string Second(int value) => $"second {value}";
}

internal static class Outer
{
    [McpTools]
    internal sealed class Nested
    {
        [McpTool] public string Name() => "nested";
    }
}

[McpTools]
internal sealed record RecordTools(string Text)
{
    [McpTool] public string Get() => Text;
}

public sealed class Dependency
{
    public string Name { get; init; } = "plain";
}

[McpTools]
public sealed class DependentTools(
    Dependency needed, [FromKeyedServices("special")] Dependency keyed, IServiceProvider services, IFormattable? missing = null, int number = 4, Dependency? present = null)
{
    public DependentTools()
        : this(new Dependency(), new Dependency(), null!)
    {
    }

    [McpTool]
    public string Describe() => $"{needed.Name}|{keyed.Name}|{services is not null}|{missing is null}|{number}|{present?.Name}";
}

[McpTools]
public abstract class AbstractTools
{
    [McpTool] public abstract string Run();

    internal sealed class Concrete : AbstractTools
    {
        public override string Run() => "concrete";
    }
}

[McpTools]
public sealed class RequiredTools
{
    public required string Text { get; init; }

    [McpTool] public string Get() => Text;
}

[McpTools]
public sealed class InjectedTools
{
    [McpTool] public static bool Token(CancellationToken cancellationToken) => cancellationToken.CanBeCanceled;

    [McpTool] public static string Call(McpCall call, int value) => $"{call.WantsProgress} {value}";

    [McpTool]
    public static void Progress(IProgress<double> progress, int value)
    {
        progress.Report(0.5);
        progress.Report(value);
    }
}
