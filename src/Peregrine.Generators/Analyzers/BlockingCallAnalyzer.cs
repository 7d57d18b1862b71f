using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Analyzers;

/// <summary>Warns where a tool that is not marked blocking holds a shared thread: some such calls at once, and no other is answered.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallAnalyzer : DiagnosticAnalyzer
{
    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["System.Threading.Thread.Sleep"] = "Task.Delay",
        ["System.Threading.Thread.Join"] = "a task",
        ["System.Threading.Tasks.Task.Wait"] = "the task",
        ["System.Threading.Tasks.Task.WaitAll"] = "Task.WhenAll",
        ["System.Threading.Tasks.Task.WaitAny"] = "Task.WhenAny",
        ["System.Runtime.CompilerServices.TaskAwaiter.GetResult"] = "the task",
        ["System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult"] = "the task",
        ["System.Threading.SemaphoreSlim.Wait"] = "WaitAsync",
        ["System.Threading.ManualResetEventSlim.Wait"] = "a task",
        ["System.Threading.WaitHandle.WaitOne"] = "a task",
        ["System.Diagnostics.Process.WaitForExit"] = "WaitForExitAsync",
        ["System.Net.Http.HttpClient.Send"] = "SendAsync",
        ["System.IO.File.ReadAllText"] = "File.ReadAllTextAsync",
        ["System.IO.File.ReadAllBytes"] = "File.ReadAllBytesAsync",
        ["System.IO.File.ReadAllLines"] = "File.ReadAllLinesAsync",
        ["System.IO.File.WriteAllText"] = "File.WriteAllTextAsync",
        ["System.IO.File.WriteAllBytes"] = "File.WriteAllBytesAsync",
        ["System.IO.File.AppendAllText"] = "File.AppendAllTextAsync",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.BlockingCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeResult, OperationKind.PropertyReference);
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        var method = ((IInvocationOperation)context.Operation).TargetMethod;
        if (Methods.TryGetValue(KnownNames.PlainNameOf(method.ContainingType) + "." + method.Name, out var instead))
        {
            Report(context, method.ContainingType.Name + "." + method.Name, instead);
        }
    }

    private static void AnalyzeResult(OperationAnalysisContext context)
    {
        var property = ((IPropertyReferenceOperation)context.Operation).Property;
        if (property.Name == "Result" && KnownNames.PlainNameOf(property.ContainingType) is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask")
        {
            Report(context, property.ContainingType.Name + ".Result", "the task");
        }
    }

    private static void Report(OperationAnalysisContext context, string call, string instead)
    {
        // What a lambda or a local function does, it may do elsewhere.
        var isInner = false;
        for (var around = context.Operation.Parent; around is not null; around = around.Parent)
        {
            isInner |= around is IAnonymousFunctionOperation or ILocalFunctionOperation;
        }

        if (!isInner && context.ContainingSymbol is IMethodSymbol method && KnownNames.ToolMarkOf(method) is { } mark && KnownNames.NamedArgument(mark, "Blocking") is not true)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.BlockingCall, context.Operation.Syntax.GetLocation(), method.Name, call, instead));
        }
    }
}
