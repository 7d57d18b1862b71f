using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Analyzers;

/// <summary>
/// Warns where a tool awaits something ahead of its first question to the client: in 2026-07-28 the method runs again from its beginning when the answer comes, and does that again too.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class QuestionOrderAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] Questions = ["ElicitAsync", "ElicitUrlAsync", "SampleAsync", "RootsAsync"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.AwaitBeforeQuestion];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        if (context.OwningSymbol is not IMethodSymbol method || KnownNames.ToolMarkOf(method) is not { } mark
            || KnownNames.NamedArgument(mark, "Idempotent") is true || KnownNames.NamedArgument(mark, "ReadOnly") is true)
        {
            return;
        }

        var operations = context.OperationBlocks.SelectMany(static block => block.Descendants()).ToArray();
        var questions = operations.OfType<IInvocationOperation>().Where(static call => OnCall(call) && Questions.Contains(call.TargetMethod.Name)).Select(static call => call.Syntax.SpanStart).ToArray();
        if (questions.Length == 0)
        {
            return;
        }

        var first = questions.Min();
        foreach (var waiting in operations.OfType<IAwaitOperation>().Where(waiting => waiting.Syntax.Span.End < first && !IsInner(waiting)))
        {
            var awaited = waiting.Operation is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner } ? inner : waiting.Operation;

            // What a call itself offers either runs once or tells the client something.
            if (awaited is not IInvocationOperation call || !OnCall(call))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.AwaitBeforeQuestion, waiting.Syntax.GetLocation(), method.Name, Shorten(awaited.Syntax.ToString())));
            }
        }
    }

    private static bool OnCall(IInvocationOperation call) => KnownNames.PlainNameOf(call.TargetMethod.ContainingType) == KnownNames.Call;

    private static bool IsInner(IOperation operation)
    {
        for (var around = operation.Parent; around is not null; around = around.Parent)
        {
            if (around is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return true;
            }
        }

        return false;
    }

    private static string Shorten(string code) => code.Length <= 60 ? code : code.Substring(0, 57) + "...";
}
