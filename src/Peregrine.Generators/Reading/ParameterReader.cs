using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads the parameters of a tool's method.</summary>
internal static class ParameterReader
{
    /// <summary>Reads one parameter; null, with a diagnostic, where it cannot be read from JSON.</summary>
    internal static ParameterModel? Read(IParameterSymbol parameter, string method, ShapeReader shapes, XmlComments comments, List<DiagnosticModel> diagnostics)
    {
        if (parameter.RefKind != RefKind.None || parameter.Type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer || parameter.Type.IsRefLikeType)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.ByReference, LocationOf(parameter), parameter.Name, method));
            return null;
        }

        var header = RequestHeaderReader.Read(parameter);
        if (InjectedSource(parameter.Type) is { } source)
        {
            return header is null ? new ParameterModel(parameter.Name, source, "", null, false, false, null, null, null, BoundsModel.None, null) : Refuse(parameter, method, header, diagnostics);
        }

        if (IsService(parameter))
        {
            var service = ConstructorReader.ReadDependency(parameter);
            return header is null
                ? new ParameterModel(parameter.Name, ParameterSource.Service, "", null, false, false, null, null, null, BoundsModel.None, null, service)
                : Refuse(parameter, method, header, diagnostics);
        }

        var read = shapes.Read(parameter.Type);
        return header is null || RequestHeaderReader.IsValid(header, read.Shape)
            ? ReadArgument(parameter, method, read.Shape, read.IsNullable, shapes, comments, diagnostics) with { Header = header }
            : Refuse(parameter, method, header, diagnostics);
    }

    private static ParameterModel? Refuse(IParameterSymbol parameter, string method, string header, List<DiagnosticModel> diagnostics)
    {
        diagnostics.Add(DiagnosticModel.Create(Descriptors.InvalidRequestHeader, LocationOf(parameter), parameter.Name, method, header));
        return null;
    }

    private static ParameterModel ReadArgument(
        IParameterSymbol parameter, string method, ValueShape shape, bool isNullable, ShapeReader shapes, XmlComments comments, List<DiagnosticModel> diagnostics)
    {
        // Code without nullable annotations says "may be null" with its default.
        isNullable |= !shape.IsValueType && parameter.NullableAnnotation == NullableAnnotation.None && parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null };
        List<string> ignored = [];
        var bounds = BoundsReader.Read(parameter, null, shape, shapes.Composites, ignored);
        foreach (var attribute in ignored)
        {
            diagnostics.Add(DiagnosticModel.Create(
                Descriptors.IgnoredConstraint, LocationOf(parameter), attribute, parameter.Name, method, parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }

        var (code, json) = parameter.IsParams ? ("[]", "[]") : parameter.IsOptional ? DefaultValues.Read(parameter, shape, isNullable) : (null, null);
        return new ParameterModel(
            parameter.Name, ParameterSource.Argument, Naming.ToArgumentName(parameter.Name), shape, isNullable, parameter.IsOptional || parameter.IsParams, code, json,
            KnownNames.DescriptionOf(parameter) ?? comments.Parameter(parameter.Name), bounds, null);
    }

    private static ParameterSource? InjectedSource(ITypeSymbol type)
    {
        var name = KnownNames.PlainNameOf(type);
        return name switch
        {
            "System.Threading.CancellationToken" => ParameterSource.CancellationToken,
            KnownNames.Call => ParameterSource.Call,
            "System.IProgress" when type is INamedTypeSymbol progress => ProgressOf(progress.TypeArguments[0]),
            KnownNames.Batch => ParameterSource.Batch,
            _ => null,
        };
    }

    // An interface cannot be read from JSON, unless it is a collection or names its classes; nor can the classes that are known as services.
    internal static bool IsService(IParameterSymbol parameter) =>
        KnownNames.FindAttribute(parameter, "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute") is not null
        || KnownNames.PlainNameOf(parameter.Type) is "System.IServiceProvider" or "System.Net.Http.HttpClient" or "System.TimeProvider"
        || (parameter.Type.TypeKind == TypeKind.Interface && !CollectionReader.IsKnown(parameter.Type) && !OfficialTypes.IsOfficial(parameter.Type)
            && JsonNames.Find(parameter.Type, "JsonDerivedTypeAttribute") is null && !JsonNames.HasConverter(parameter.Type));

    private static ParameterSource? ProgressOf(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Double ? ParameterSource.Progress : KnownNames.PlainNameOf(type) switch
        {
            KnownNames.Progress => ParameterSource.Progress,
            KnownNames.OfficialProgress => ParameterSource.OfficialProgress,
            _ => null,
        };

    private static Location? LocationOf(ISymbol symbol) => symbol.Locations.FirstOrDefault();
}
