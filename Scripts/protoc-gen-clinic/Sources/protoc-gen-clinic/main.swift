import ContractCompiler
import Foundation

exit(ContractCompilerCommand.run(Array(CommandLine.arguments.dropFirst())))
